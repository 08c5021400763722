#include "libs/rpc/revocation_tail.h"

#include <chrono>

#include "fmt/format.h"
#include "libs/events/events.h"
#include "libs/log/log.h"
#include "libs/rpc/proto_types.h"
#include "libs/status/status.h"
#include "papertape/auth/v1/auth_event.pb.h"

namespace papertape::rpc {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kEntriesAtOnce = 512;
constexpr milliseconds kBlock{250};           // also how long a stop may take
constexpr std::chrono::hours kReadBack{25};   // JWT_ACCESS_TOKEN_EXPIRES_MINUTES is a day at most
constexpr milliseconds kAnswerWithin{2'000};  // of Redis, beyond the blocking

std::string PositionAt(Timestamp time) {
  return fmt::format("{}-0", std::chrono::duration_cast<milliseconds>(time.time_since_epoch()).count());
}

}  // namespace

RevocationTail::RevocationTail(std::string redis_url, auth::Revocations& revocations, const Clock& clock)
    : follows_(!redis_url.empty()),
      redis_({.url = std::move(redis_url), .connections = 1, .timeout = kAnswerWithin}),
      revocations_(revocations),
      position_(PositionAt(clock.Now() - kReadBack)),
      thread_(std::string("tail of ") + kAuthStream, [this]() -> absl::StatusOr<milliseconds> {
        PT_RETURN_IF_ERROR(ReadOnce(kBlock));
        return milliseconds(0);
      }) {}

void RevocationTail::Start() {
  if (!follows_) return;
  absl::Status status;
  while (status.ok() && !caught_up_) status = ReadOnce(milliseconds(1));
  thread_.Start();
}

absl::Status RevocationTail::ReadOnce(milliseconds block) {
  const auto entries = redis_.ReadStream(kAuthStream, position_, kEntriesAtOnce, block);
  if (!entries.ok()) {
    caught_up_ = false;
    revocations_.SetHearing(false);
    return entries.status();
  }
  for (const redis::StreamEntry& entry : *entries) {
    position_ = entry.id;
    Apply(entry);
  }
  caught_up_ = entries->size() < kEntriesAtOnce;
  revocations_.SetHearing(caught_up_);
  return absl::OkStatus();
}

void RevocationTail::Apply(const redis::StreamEntry& entry) {
  const absl::StatusOr<events::Event> event = events::EventOf(entry);
  if (event.ok() && event->type != auth::v1::AuthEvent::descriptor()->full_name()) return;
  auth::v1::AuthEvent message;
  if (!event.ok() || !message.ParseFromString(event->payload)) {
    log::Error("an entry of the auth stream cannot be read", {{"entry", entry.id}});
    return;
  }
  if (!message.has_session_revoked()) return;
  revocations_.Revoke(message.session_revoked().session_id(), Decode(message.session_revoked().until()));
}

}  // namespace papertape::rpc
