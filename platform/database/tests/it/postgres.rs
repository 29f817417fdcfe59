//! What is true of PostgreSQL alone: each test has a server of its own.
