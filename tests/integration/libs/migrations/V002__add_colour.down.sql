alter table shelf drop column colour;
