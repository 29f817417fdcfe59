-- Cases that another office passed on, by the number of the register that they came in under: few.
CREATE INDEX cases_passed_on ON cases (office, protocol_office, protocol_year, protocol_number) WHERE office <> protocol_office;
