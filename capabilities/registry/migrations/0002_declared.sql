-- Registries are read from content/registries.toml at every start and live in memory: a copy here could only be old.
DROP TABLE registries;
