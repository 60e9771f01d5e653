-- Every service has a database of its own; each brings it up to date itself, with db-apply.
create database orderdb;
create database inventorydb;
create database routingdb;
create database shippingdb;
create database returnsdb;
create database customerdb;
create database gatewaydb;
