// papertape.notification.v1.NotificationService: decode, decide, encode. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/notification/v1/notification_service.grpc.pb.h"
#include "services/notification/domain/ports.h"
#include "services/notification/rpc/feed_hub.h"

namespace papertape::notification {

class NotificationService final : public v1::NotificationService::CallbackService {
 public:
  NotificationService(rpc::Gate& gate, FeedStore& feed, FeedHub& hub) : gate_(gate), feed_(feed), hub_(hub) {}

  grpc::ServerUnaryReactor* ListNotifications(grpc::CallbackServerContext* context,
                                              const v1::ListNotificationsRequest* request,
                                              v1::ListNotificationsReply* reply) override;
  grpc::ServerUnaryReactor* MarkRead(grpc::CallbackServerContext* context, const v1::MarkReadRequest* request,
                                     v1::Notification* reply) override;
  grpc::ServerUnaryReactor* MarkAllRead(grpc::CallbackServerContext* context, const v1::MarkAllReadRequest* request,
                                        v1::MarkAllReadReply* reply) override;
  grpc::ServerWriteReactor<v1::FeedBatch>* StreamFeed(grpc::CallbackServerContext* context,
                                                      const v1::StreamFeedRequest* request) override;

 private:
  rpc::Gate& gate_;
  FeedStore& feed_;
  FeedHub& hub_;
};

}  // namespace papertape::notification
