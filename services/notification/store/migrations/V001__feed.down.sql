drop table consumed_events;
drop table outbox;
drop table notifications;
drop table feed_heads;
