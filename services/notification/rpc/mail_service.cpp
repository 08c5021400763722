#include "services/notification/rpc/mail_service.h"

#include "libs/rpc/proto_types.h"

namespace papertape::notification {
namespace {

Mail Decode(const v1::SendMailRequest& request) {
  Mail mail{.id = request.message_id(), .to = request.to(), .subject = request.subject(), .text = request.text()};
  if (request.has_expires_at()) mail.expires_at = rpc::Decode(request.expires_at());
  return mail;
}

}  // namespace

grpc::ServerUnaryReactor* MailService::SendMail(grpc::CallbackServerContext* context,
                                                const v1::SendMailRequest* request, v1::SendMailReply* reply) {
  return gate_.Blocking(
      context, "papertape.notification.v1.MailService.SendMail", request, reply,
      [this](const rpc::Call&, const v1::SendMailRequest& in, v1::SendMailReply&) { return room_.Accept(Decode(in)); });
}

}  // namespace papertape::notification
