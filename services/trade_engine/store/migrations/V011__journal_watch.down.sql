drop table journal_alerts_relayed;
drop table journal_alerts;
drop table journal_watch;
