#include "services/notification/rpc/notification_service.h"

#include "libs/rpc/status_wire.h"
#include "libs/status/status.h"
#include "services/notification/rpc/feed_messages.h"

namespace papertape::notification {
namespace {

// A stream that is over before it begins.
class RefusedStream final : public grpc::ServerWriteReactor<v1::FeedBatch> {
 public:
  explicit RefusedStream(const absl::Status& status) { Finish(rpc::ToGrpc(status)); }
  void OnDone() override { delete this; }
};

}  // namespace

grpc::ServerUnaryReactor* NotificationService::ListNotifications(grpc::CallbackServerContext* context,
                                                                 const v1::ListNotificationsRequest* request,
                                                                 v1::ListNotificationsReply* reply) {
  return gate_.Blocking(context, "papertape.notification.v1.NotificationService.ListNotifications", request, reply,
                        [this](const rpc::Call& call, const v1::ListNotificationsRequest& in,
                               v1::ListNotificationsReply& out) -> absl::Status {
                          const rpc::Page page = rpc::PageOf(in);
                          PT_ASSIGN_OR_RETURN(const FeedPage feed, feed_.List({.user_id = call.caller.user_id,
                                                                               .unread_only = in.unread(),
                                                                               .offset = page.offset,
                                                                               .size = page.size}));
                          Encode(feed, page, out);
                          return absl::OkStatus();
                        });
}

grpc::ServerUnaryReactor* NotificationService::MarkRead(grpc::CallbackServerContext* context,
                                                        const v1::MarkReadRequest* request, v1::Notification* reply) {
  return gate_.Blocking(
      context, "papertape.notification.v1.NotificationService.MarkRead", request, reply,
      [this](const rpc::Call& call, const v1::MarkReadRequest& in, v1::Notification& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const Entry entry, feed_.MarkRead(call.caller.user_id, in.id()));
        Encode(entry, out);
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* NotificationService::MarkAllRead(grpc::CallbackServerContext* context,
                                                           const v1::MarkAllReadRequest* request,
                                                           v1::MarkAllReadReply* reply) {
  return gate_.Blocking(
      context, "papertape.notification.v1.NotificationService.MarkAllRead", request, reply,
      [this](const rpc::Call& call, const v1::MarkAllReadRequest&, v1::MarkAllReadReply& out) -> absl::Status {
        PT_ASSIGN_OR_RETURN(const std::int64_t updated, feed_.MarkAllRead(call.caller.user_id));
        out.set_message("All notifications marked as read");
        out.set_updated(updated);
        return absl::OkStatus();
      });
}

grpc::ServerWriteReactor<v1::FeedBatch>* NotificationService::StreamFeed(grpc::CallbackServerContext* context,
                                                                         const v1::StreamFeedRequest*) {
  const auto entered = gate_.Enter(context, "papertape.notification.v1.NotificationService.StreamFeed");
  if (!entered.ok()) return new RefusedStream(entered.status());
  return hub_.Listen(*context);
}

}  // namespace papertape::notification
