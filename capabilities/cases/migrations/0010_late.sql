-- The report on late proceedings is read in the order in which it is shown: those that wait by cases_open, these by this one.
CREATE INDEX cases_concluded_late ON cases (office, due, id) WHERE closed_on > due;
