#include "libs/redis/connection.h"

#include <poll.h>

#include "libs/log/log.h"
#include "libs/redis/wire_reply.h"
#include "libs/status/status.h"

namespace papertape::redis {
namespace {

timeval ToTimeval(std::chrono::milliseconds time) {
  return {.tv_sec = time.count() / 1000, .tv_usec = (time.count() % 1000) * 1000};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const Address& address,
                                                             std::chrono::milliseconds timeout) {
  redisContext* context = address.host.empty()
                              ? redisConnectUnixWithTimeout(address.path.c_str(), ToTimeval(timeout))
                              : redisConnectWithTimeout(address.host.c_str(), address.port, ToTimeval(timeout));
  if (context == nullptr) return Error(Reason::kUNAVAILABLE);
  std::unique_ptr<Connection> connection(new Connection(context));
  if (context->err != 0) return connection->Broken();
  PT_RETURN_IF_ERROR(connection->Enter(address, timeout));
  return connection;
}

absl::Status Connection::Enter(const Address& address, std::chrono::milliseconds timeout) {
  Command auth{"AUTH"};
  if (!address.user.empty()) auth.push_back(address.user);
  auth.push_back(address.password);
  const Command select{"SELECT", std::to_string(address.database)};
  std::vector<const Command*> commands;
  if (!address.password.empty()) commands.push_back(&auth);
  if (address.database != 0) commands.push_back(&select);
  return commands.empty() ? absl::OkStatus() : Exchange(commands, timeout).status();
}

absl::Status Connection::Send(const std::vector<const Command*>& commands, std::chrono::milliseconds timeout) {
  if (timeout != timeout_) {
    if (redisSetTimeout(context_.get(), ToTimeval(timeout)) != REDIS_OK) return Broken();
    timeout_ = timeout;
  }
  std::vector<const char*> words;
  std::vector<std::size_t> lengths;
  for (const Command* command : commands) {
    words.clear();
    lengths.clear();
    for (const std::string& word : *command) {
      words.push_back(word.data());
      lengths.push_back(word.size());
    }
    const auto count = static_cast<int>(words.size());
    if (redisAppendCommandArgv(context_.get(), count, words.data(), lengths.data()) != REDIS_OK) return Broken();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Reply>> Connection::Exchange(const std::vector<const Command*>& commands,
                                                        std::chrono::milliseconds timeout) {
  PT_RETURN_IF_ERROR(Send(commands, timeout));
  std::vector<Reply> replies(commands.size());
  absl::Status refusal;
  for (Reply& reply : replies) {
    void* raw = nullptr;
    if (redisGetReply(context_.get(), &raw) != REDIS_OK) return Broken();
    const std::unique_ptr<redisReply, decltype(&freeReplyObject)> owned(static_cast<redisReply*>(raw),
                                                                        &freeReplyObject);
    absl::Status status = FromWire(*owned, reply);
    if (refusal.ok()) refusal = std::move(status);
  }
  if (!refusal.ok()) return refusal;
  return replies;
}

absl::Status Connection::Broken() {
  usable_ = false;
  log::Warning("Redis is not available", {{"error", context_->errstr}});
  return Error(Reason::kUNAVAILABLE);
}

bool Connection::Stale() const {
  // Nothing is owed to a resting connection: whatever can be read is its end.
  pollfd descriptor{.fd = context_->fd, .events = POLLIN, .revents = 0};
  return poll(&descriptor, 1, 0) != 0;
}

}  // namespace papertape::redis
