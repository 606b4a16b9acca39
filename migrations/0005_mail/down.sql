DROP TABLE inbox;
DROP TABLE mails;
DROP TABLE mail_templates;
