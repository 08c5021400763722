#include "gateway/journal_stream.h"

#include <rapidjson/document.h>

#include <memory>
#include <utility>

#include "fmt/format.h"
#include "libs/auth/caller.h"
#include "libs/json/json_text.h"
#include "libs/status/status.h"

namespace papertape::gateway {
namespace {

// A client's message.
struct Command {
  std::string type;
  std::string token;
  std::vector<std::string> tickers;
  std::string problem;  // what is wrong with it; empty when nothing is
};

std::string TextOf(const rapidjson::Document& document, const char* name) {
  const auto found = document.FindMember(name);
  if (found == document.MemberEnd() || !found->value.IsString()) return "";
  return {found->value.GetString(), found->value.GetStringLength()};
}

void ReadTickers(const rapidjson::Document& document, Command& command) {
  const auto found = document.FindMember("tickers");
  if (found == document.MemberEnd() || !found->value.IsArray()) {
    command.problem = "`tickers` must be a list of symbols";
    return;
  }
  for (const auto& ticker : found->value.GetArray()) {
    if (!ticker.IsString() || ticker.GetStringLength() == 0 || ticker.GetStringLength() > 32) {
      command.problem = "`tickers` must be a list of symbols";
      return;
    }
    command.tickers.push_back(NormalSymbol({ticker.GetString(), ticker.GetStringLength()}));
  }
}

Command ParseCommand(std::string_view text) {
  Command command;
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
  if (document.HasParseError() || !document.IsObject()) {
    command.problem = "a message must be a JSON object";
    return command;
  }
  command.type = TextOf(document, "type");
  command.token = TextOf(document, "token");
  if (command.type == "subscribe" || command.type == "unsubscribe") ReadTickers(document, command);
  return command;
}

}  // namespace

absl::StatusOr<std::int64_t> ResolveReader(const auth::Caller& caller, std::string_view reference) {
  if (!caller.may(auth::Scope::kRead)) {
    return Error(Reason::kSCOPE_MISSING, "The API key lacks the scope `read`.");
  }
  return auth::ResolveUser(caller, reference);
}

JournalStream::JournalStream(WsSession& session, StreamServices& services, std::string user_reference,
                             std::shared_ptr<void> place)
    : session_(session),
      services_(services),
      hub_(services.hub.Of(session.thread())),
      user_reference_(std::move(user_reference)),
      place_(std::move(place)) {
  services_.hub.Opened();
}

JournalStream::~JournalStream() { OnEnd(); }

void JournalStream::OnEnd() {
  if (std::exchange(ended_, true)) return;
  for (const auto& [symbol, ticker] : tickers_) hub_.Unsubscribe(ticker, *this);
  hub_.Forget(*this);
  if (user_id_ != 0) {
    hub_.RemoveUser(user_id_, *this);
    hub_.RemoveSession(session_id_, *this);
    services_.hub.LeaveUser(user_id_);
  }
  services_.hub.Closed();
  place_.reset();
}

void JournalStream::BeginAs(std::int64_t user_id, const std::string& session_id) {
  if (ended_) return;
  if (!services_.hub.EnterUser(user_id)) {
    SendError(fmt::format("at most {} connections of one user", services_.hub.limits().of_a_user));
    return session_.Close(WsCloseCode::kPolicy, "too many connections");
  }
  user_id_ = user_id;
  session_id_ = session_id;
  hub_.AddUser(user_id, *this);
  hub_.AddSession(session_id, *this);
  session_.Send(fmt::format(R"({{"type":"authenticated","user_id":{}}})", user_id));
  // It may have ended between the check of its token and here.
  if (ReasonOf(services_.revocations.Check(session_id)) == Reason::kSESSION_ENDED) OnSessionEnded();
}

void JournalStream::OnSessionEnded() {
  if (ended_) return;
  SendError("the session has ended");
  session_.Close(WsCloseCode::kUnauthenticated, "the session has ended");
}

void JournalStream::OnText(std::string_view text) {
  const Command command = ParseCommand(text);
  if (!command.problem.empty()) return SendError(command.problem);
  if (command.type == "subscribe") return Subscribe(command.tickers);
  if (command.type == "unsubscribe") return Unsubscribe(command.tickers);
  if (command.type == "auth") return Authenticate(command.token);
  if (command.type == "ping") return session_.Send(R"({"type":"pong"})");
  SendError("`type` must be subscribe, unsubscribe, auth or ping");
}

void JournalStream::Authenticate(std::string_view token) {
  const absl::StatusOr<auth::Caller> caller = services_.verifier.Verify(token);
  if (!caller.ok()) {
    SendError(MessageOf(caller.status()));
    return session_.Close(WsCloseCode::kUnauthenticated, "the token is not valid");
  }
  const absl::StatusOr<std::int64_t> user_id = ResolveReader(*caller, user_reference_);
  if (!user_id.ok()) {
    SendError(MessageOf(user_id.status()));
    return session_.Close(WsCloseCode::kForbidden, "not your stream");
  }
  if (user_id_ == 0) return BeginAs(*user_id, caller->session_id);
  if (user_id_ != *user_id) return SendError("this connection belongs to another user already");
}

void JournalStream::Subscribe(const std::vector<std::string>& tickers) {
  for (const std::string& symbol : tickers) {
    if (ended_) return;
    if (tickers_.contains(symbol)) continue;
    if (tickers_.size() + look_ups_ >= kMostTickers) {
      return SendError(fmt::format("at most {} tickers; {} is one too many", kMostTickers, symbol));
    }
    if (services_.hub.board().FrameOf(symbol) != nullptr) {
      SubscribeTo(symbol);
    } else if (look_ups_ >= kMostLookUps) {
      SendError(fmt::format("too many tickers without a price at once; ask again for {}", symbol));
    } else {
      LookUp(symbol);
    }
  }
}

void JournalStream::SubscribeTo(const std::string& symbol) {
  const std::uint32_t ticker = hub_.Subscribe(symbol, *this);
  tickers_.emplace(symbol, ticker);
  if (SharedFrame frame = services_.hub.board().FrameOf(symbol); frame != nullptr) {
    hub_.SetFrame(ticker, std::move(frame));
    OnPrice(ticker);
  }
}

void JournalStream::LookUp(const std::string& symbol) {
  ++look_ups_;
  services_.look_up(symbol, [this, symbol, weak = session_.weak_from_this(),
                             &thread = session_.thread()](const absl::Status& status) {
    thread.Post([this, symbol, weak, status] {
      // The session owns this stream.
      const auto session = weak.lock();
      if (session == nullptr || ended_) return;
      --look_ups_;
      if (!status.ok()) return SendError(fmt::format("{}: {}", symbol, MessageOf(status)));
      if (!tickers_.contains(symbol)) SubscribeTo(symbol);
    });
  });
}

void JournalStream::Unsubscribe(const std::vector<std::string>& tickers) {
  for (const std::string& symbol : tickers) {
    const auto found = tickers_.find(symbol);
    if (found == tickers_.end()) continue;
    hub_.Unsubscribe(found->second, *this);
    std::erase(to_send_, found->second);
    changed_.erase(found->second);
    tickers_.erase(found);
  }
}

void JournalStream::OnPrice(std::uint32_t ticker) {
  if (std::exchange(changed_[ticker], true)) return;
  to_send_.push_back(ticker);
  if (!std::exchange(flush_asked_, true)) hub_.FlushSoon(*this);
}

void JournalStream::OnFlush() {
  flush_asked_ = false;
  session_.Flush();
}

void JournalStream::Fill(std::string& out) {
  for (const std::uint32_t ticker : to_send_) {
    changed_[ticker] = false;
    if (const SharedFrame& frame = hub_.FrameOf(ticker); frame != nullptr) out += *frame;  // null: void by now
  }
  to_send_.clear();
}

void JournalStream::SendError(std::string_view message) {
  std::string text = R"({"type":"error","message":)";
  json::AppendString(message, text);
  session_.Send(text + '}');
}

}  // namespace papertape::gateway
