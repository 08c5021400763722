#include "services/notification/rpc/feed_messages.h"

namespace papertape::notification {

void Encode(const Entry& entry, v1::Notification& out) {
  out.set_id(entry.id);
  out.set_user_id(entry.user_id);
  out.set_seq(entry.seq);
  out.set_type(entry.type);
  out.set_title(entry.title);
  out.set_message(entry.message);
  out.set_data(entry.data);
  out.set_is_read(entry.is_read);
  rpc::Encode(entry.created_at, out.mutable_created_at());
}

void Encode(const FeedPage& feed, const rpc::Page& page, v1::ListNotificationsReply& out) {
  for (const Entry& entry : feed.entries) Encode(entry, *out.add_notifications());
  out.set_unread_count(feed.unread_count);
  rpc::EncodePage(page, feed.total, out);
}

std::string SerializeFeedEntry(const Entry& entry, const std::optional<Alert>& alert) {
  v1::FeedEntry message;
  Encode(entry, *message.mutable_notification());
  if (alert) {
    message.mutable_alert()->set_ticker(alert->ticker);
    message.mutable_alert()->set_trade_id(alert->trade_id);
    message.mutable_alert()->set_message(alert->message);
  }
  return message.SerializeAsString();
}

std::vector<std::shared_ptr<const v1::FeedEntry>> ParseEntries(const std::vector<std::string>& serialized) {
  std::vector<std::shared_ptr<const v1::FeedEntry>> entries;
  for (const std::string& text : serialized) {
    auto entry = std::make_shared<v1::FeedEntry>();
    if (entry->ParseFromString(text)) entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace papertape::notification
