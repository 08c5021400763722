// Sessions of signed-in users: opens, renews and ends them. A session is a family of refresh tokens, each good for one
// renewal; one that comes a second time ends the session, because its owner or a thief holds a stale copy, and nobody
// can tell which. Thread-safe if its ports are.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/ids/ids.h"
#include "services/auth/domain/ports.h"
#include "services/auth/domain/session.h"
#include "services/auth/domain/user.h"

namespace papertape::auth {

class Sessions {
 public:
  struct Ports {
    SessionStore& store;
    TokenIssuer& tokens;
    EndNotice& notice;
    const Clock& clock;
    RandomBits random;                                    // thread-safe; makes secrets
    std::function<std::string(std::string_view)> digest;  // SHA-256, in hexadecimal
  };
  Sessions(Ports ports, std::chrono::hours refresh_life) : ports_(std::move(ports)), refresh_life_(refresh_life) {}

  // Signs the user in, who has proved to be that user by `means` ("password", "otp"). ACCOUNT_DISABLED.
  absl::StatusOr<Session> Open(const User& user, std::string_view means, const Origin& from);
  // INVALID_TOKEN, TOKEN_EXPIRED, SESSION_ENDED, ACCOUNT_DISABLED.
  absl::StatusOr<Session> Refresh(std::string_view refresh_token, const Origin& from);
  // Ends the user's session, and the one that `refresh_token` (which may be empty) belongs to, if it is theirs as well.
  absl::Status Close(std::int64_t user_id, const std::string& session_id, std::string_view refresh_token,
                     const Origin& from);
  // Ends every session of the user, as an administrator asks.
  absl::Status CloseAll(std::int64_t user_id, const Origin& from);
  // Stores the password's new hash and ends every session of the user but the one that is kept. CONFLICT when another
  // change came first.
  absl::Status ReplacePassword(const PasswordChange& change, const Origin& from);

  // Tells every process again of the sessions that ended lately: at the start, for one that may have missed it.
  absl::Status TellAgain();
  // Erases what has expired, some at a time; how many.
  absl::StatusOr<std::int64_t> EraseExpired() { return ports_.store.EraseExpired(ports_.clock.Now()); }

 private:
  std::string NewRefreshToken() const;
  [[nodiscard]] Ending EndingNow(EndReason reason, std::string_view deed, std::int64_t user_id,
                                 const Origin& from) const;
  absl::Status Tell(const absl::StatusOr<std::vector<std::string>>& ended, const Ending& ending);

  const Ports ports_;
  const std::chrono::hours refresh_life_;
};

}  // namespace papertape::auth
