DROP TABLE batch_parts;
DROP TABLE batches;
