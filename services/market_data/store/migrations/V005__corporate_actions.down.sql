drop table corporate_actions_asked;
drop table corporate_actions;
