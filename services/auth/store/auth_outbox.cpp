#include "services/auth/store/auth_outbox.h"

#include "libs/events/events.h"
#include "papertape/auth/v1/auth_event.pb.h"

namespace papertape::auth {
namespace {

// As libs/rpc/proto_types.h does, which a store does not see.
void Encode(Timestamp time, google::protobuf::Timestamp* out) {
  const std::int64_t micros = MicrosSinceEpoch(time);
  out->set_seconds(micros / 1'000'000);
  out->set_nanos(static_cast<std::int32_t>(micros % 1'000'000 * 1'000));
}

events::Event EventOf(IdSource& ids, const v1::AuthEvent& event, std::int64_t user_id, Timestamp now,
                      const std::string& request_id) {
  return {.id = ids.Next(),
          .type = std::string(v1::AuthEvent::descriptor()->full_name()),
          .user_id = user_id,
          .time = now,
          .request_id = request_id,
          .payload = event.SerializeAsString()};
}

}  // namespace

void TellEnded(pg::Transaction& transaction, IdSource& ids, const std::vector<EndedSession>& ended, Timestamp now,
               const std::string& request_id) {
  std::vector<events::Event> told;
  told.reserve(ended.size());
  for (const EndedSession& session : ended) {
    v1::AuthEvent event;
    event.mutable_session_revoked()->set_session_id(session.id);
    Encode(session.tokens_until, event.mutable_session_revoked()->mutable_until());
    told.push_back(EventOf(ids, event, session.user_id, now, request_id));
  }
  events::AppendToOutbox(transaction, told);
}

void TellSubmitted(pg::Transaction& transaction, IdSource& ids, const Origin& by, std::size_t documents,
                   Timestamp now) {
  v1::AuthEvent event;
  event.mutable_kyc_submitted()->set_documents(static_cast<std::int32_t>(documents));
  events::AppendToOutbox(transaction, {EventOf(ids, event, by.user_id, now, by.request_id)});
}

void TellReviewed(pg::Transaction& transaction, IdSource& ids, const Origin& by, std::int64_t user_id,
                  const KycChange& change, Timestamp now) {
  v1::AuthEvent event;
  event.mutable_kyc_reviewed()->set_status(std::string(KycWord(change.to)));
  event.mutable_kyc_reviewed()->set_reason(change.reason.value_or(""));
  events::AppendToOutbox(transaction, {EventOf(ids, event, user_id, now, by.request_id)});
}

}  // namespace papertape::auth
