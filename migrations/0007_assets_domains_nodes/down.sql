DROP TABLE nodes;
DROP TABLE domains;
DROP TABLE assets;
