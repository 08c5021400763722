// A session at Angel One: logs in with a one-time password when there is none, renews its tokens while the day lasts,
// and begins anew each day before the market opens. Neither credentials nor tokens appear in a log or an error.
// Thread-safe; calls go side by side.
//
// A one-time password is sent once only and never near the turn of its thirty seconds: until the next one can be sent,
// calls answer PROVIDER_UNAVAILABLE with the time to wait.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "libs/clock/clock.h"
#include "libs/http/client.h"

namespace papertape::market {

struct AngelCredentials {
  std::string api_key;
  std::string client_code;
  std::string password;     // the PIN
  std::string totp_secret;  // its bytes
};

class AngelSession {
 public:
  AngelSession(http::Client& client, AngelCredentials credentials, const Clock& clock)
      : client_(client), credentials_(std::move(credentials)), clock_(clock) {}

  // Posts JSON with the session's token, after a login or a renewal where one is due. An answer that the token is not
  // taken renews it and posts once more.
  absl::StatusOr<http::Response> Post(const std::string& path, const std::string& body, Instant deadline);

 private:
  absl::StatusOr<http::Response> Send(const std::string& path, const std::string& body, const std::string& token,
                                      bool repeatable, Instant deadline);
  absl::StatusOr<std::string> Token(Instant deadline);
  // With mutex_ held, as what follows: one logs in or renews, the others wait for that.
  absl::Status EnsureToken(Instant deadline);
  absl::Status Renew(Instant deadline);
  absl::Status LogIn(Instant deadline);
  // OK when a one-time password may be sent now.
  [[nodiscard]] absl::Status MayLogIn(Timestamp now) const;
  absl::Status TakeTokens(const http::Response& response);

  http::Client& client_;
  const AngelCredentials credentials_;
  const Clock& clock_;
  std::mutex mutex_;            // guards what follows
  std::string token_;           // without "Bearer "; empty: none
  std::string refresh_;         // empty: none
  Timestamp renewed_at_;        // when the token was given
  std::int64_t day_ = 0;        // on which the session began
  std::int64_t sent_step_ = 0;  // of the last one-time password
};

// Whether an answer says that there were too many requests: 403 says so too, and only its text tells.
bool IsAngelBusy(const http::Response& response);

}  // namespace papertape::market
