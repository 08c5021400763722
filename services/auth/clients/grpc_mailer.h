// Letters by way of notification, which keeps and sends them. Thread-safe.
#pragma once

#include <memory>

#include "libs/rpc/channel.h"
#include "papertape/notification/v1/mail_service.grpc.pb.h"
#include "services/auth/domain/letters.h"

namespace papertape::auth {

class GrpcMailer final : public Mailer {
 public:
  explicit GrpcMailer(rpc::Peer& notification)
      : notification_(notification), stub_(papertape::notification::v1::MailService::NewStub(notification.channel())) {}
  absl::Status Send(const Letter& letter) override;

 private:
  rpc::Peer& notification_;
  const std::unique_ptr<papertape::notification::v1::MailService::Stub> stub_;
};

}  // namespace papertape::auth
