DROP TABLE invitations;
DROP TABLE members;
DROP TABLE organization_roles;
DROP TABLE organizations;
