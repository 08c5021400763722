// papertape.notification.v1.MailService: decode, decide, encode. Thread-safe.
#pragma once

#include "libs/rpc/gate.h"
#include "papertape/notification/v1/mail_service.grpc.pb.h"
#include "services/notification/domain/mail_room.h"

namespace papertape::notification {

class MailService final : public v1::MailService::CallbackService {
 public:
  MailService(rpc::Gate& gate, MailRoom& room) : gate_(gate), room_(room) {}

  grpc::ServerUnaryReactor* SendMail(grpc::CallbackServerContext* context, const v1::SendMailRequest* request,
                                     v1::SendMailReply* reply) override;

 private:
  rpc::Gate& gate_;
  MailRoom& room_;
};

}  // namespace papertape::notification
