DROP TABLE connection_tests;
DROP TABLE identities;
DROP TABLE mapping_versions;
DROP TABLE connections;
