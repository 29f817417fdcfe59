-- Names of the files that came with a parked form: their content is not kept, so the page says which to choose again.
ALTER TABLE web_parked ADD COLUMN files TEXT NOT NULL DEFAULT '[]';
