#include "services/auth/clients/grpc_mailer.h"

#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"

namespace papertape::auth {

namespace mail = papertape::notification::v1;

absl::Status GrpcMailer::Send(const Letter& letter) {
  mail::SendMailRequest request;
  request.set_message_id(letter.id);
  request.set_to(letter.to);
  request.set_subject(letter.subject);
  request.set_text(letter.text);
  rpc::Encode(letter.expires_at, request.mutable_expires_at());
  // The letter's id makes a second try harmless.
  return notification_
      .Ask<mail::SendMailReply>(nullptr,
                                [&](grpc::ClientContext& context, mail::SendMailReply& reply) {
                                  return stub_->SendMail(&context, request, &reply);
                                })
      .status();
}

}  // namespace papertape::auth
