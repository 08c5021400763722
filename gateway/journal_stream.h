// The journal's dialect of streaming, `WS /ws/{user_id}`. Prices are public; alerts go to the owner alone, who shows a
// token in the handshake or in a first message. What cannot be understood is answered with an error frame and the
// connection stays; a token that does not fit the address ends it, and so does the end of the token's session.
//   client  {"type":"subscribe","tickers":["AAPL"]}  {"type":"unsubscribe","tickers":[...]}
//           {"type":"auth","token":"..."}  {"type":"ping"}
//   server  {"type":"price_update","ticker","price","timestamp"}  {"type":"alert","ticker","trade_id","message"}
//           {"type":"authenticated","user_id"}  {"type":"pong"}  {"type":"error","message"}
// A ticker's newest price is sent on subscribing and then as it changes: a slow reader gets the newest, not all. Alerts
// are never dropped. Lives on its session's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "gateway/stream_hub.h"
#include "gateway/ws_session.h"
#include "libs/auth/token.h"

namespace papertape::gateway {

// What the dialect asks of the rest of the gateway. Outlives all streams.
struct StreamServices {
  StreamHub& hub;
  auth::TokenVerifier& verifier;
  const auth::Revocations& revocations;
  // Whether the symbol exists, for one that has no quote yet: OK, UNKNOWN_SYMBOL, or that nobody can say. `done` may be
  // called from any thread.
  std::function<void(const std::string& symbol, std::function<void(const absl::Status&)> done)> look_up;
};

// auth::ResolveUser for who wants to listen: an API key needs the scope `read`; SCOPE_MISSING.
absl::StatusOr<std::int64_t> ResolveReader(const auth::Caller& caller, std::string_view reference);

class JournalStream final : public WsHandler, private StreamReader {
 public:
  static constexpr std::size_t kMostTickers = 500;
  static constexpr std::size_t kMostLookUps = 20;  // under way at once

  // `user_reference` is the address's `{user_id}`; `user_id` is whose it is, 0 until a token has shown it. `place` is
  // kept as long as the stream is open.
  JournalStream(WsSession& session, StreamServices& services, std::string user_reference,
                std::shared_ptr<void> place = nullptr);
  ~JournalStream() override;
  // The handshake carried a token of the session, which was checked.
  void BeginAs(std::int64_t user_id, const std::string& session_id);

  void OnText(std::string_view text) override;
  void Fill(std::string& out) override;
  void OnEnd() override;

 private:
  void OnPrice(std::uint32_t ticker) override;
  void OnFlush() override;
  void OnAlert(const std::string& text) override { session_.Send(text); }
  void OnSessionEnded() override;

  void Authenticate(std::string_view token);
  void Subscribe(const std::vector<std::string>& tickers);
  void SubscribeTo(const std::string& symbol);
  void LookUp(const std::string& symbol);
  void Unsubscribe(const std::vector<std::string>& tickers);
  void SendError(std::string_view message);

  WsSession& session_;
  StreamServices& services_;
  ThreadHub& hub_;
  const std::string user_reference_;
  std::shared_ptr<void> place_;
  std::int64_t user_id_ = 0;
  std::string session_id_;  // of the token that was shown
  bool ended_ = false;
  bool flush_asked_ = false;
  std::size_t look_ups_ = 0;
  std::unordered_map<std::string, std::uint32_t> tickers_;
  std::unordered_map<std::uint32_t, bool> changed_;  // by ticker: in `to_send_` already
  std::vector<std::uint32_t> to_send_;
};

}  // namespace papertape::gateway
