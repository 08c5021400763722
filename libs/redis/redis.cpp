#include "libs/redis/redis.h"

#include <openssl/sha.h>

#include <array>
#include <csignal>

#include "fmt/format.h"
#include "libs/ids/hex.h"
#include "libs/lending/lending_pool.h"
#include "libs/log/log.h"
#include "libs/redis/connection.h"
#include "libs/status/status.h"

namespace papertape::redis {
namespace {

using std::chrono::milliseconds;

std::string Sha1(std::string_view text) {
  std::array<char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       reinterpret_cast<unsigned char*>(digest.data()));
  return ToHex({digest.data(), digest.size()});
}

}  // namespace

class Client::Impl {
 public:
  explicit Impl(ClientOptions options)
      : options_(std::move(options)), address_(ParseAddress(options_.url)), connections_(options_.connections) {
    std::signal(SIGPIPE, SIG_IGN);
  }

  absl::StatusOr<std::vector<Reply>> Exchange(const std::vector<const Command*>& commands, milliseconds wait) {
    PT_RETURN_IF_ERROR(address_.status());
    auto loan = connections_.Borrow(options_.timeout);
    if (!loan) {
      log::Warning("no Redis connection came free in time", {{"connections", options_.connections}});
      return Error(Reason::kUNAVAILABLE, "Every Redis connection is busy; try again shortly.");
    }
    std::unique_ptr<Connection>& connection = loan->thing;
    if (connection && connection->Stale()) connection.reset();
    if (!connection) {
      PT_ASSIGN_OR_RETURN(connection, Connection::Open(*address_, options_.timeout));
    }
    auto replies = connection->Exchange(commands, options_.timeout + wait);
    if (!connection->usable()) connection.reset();
    return replies;
  }

  absl::StatusOr<Reply> Run(const Command& command, milliseconds wait) {
    PT_ASSIGN_OR_RETURN(std::vector<Reply> replies, Exchange({&command}, wait));
    return std::move(replies.front());
  }

 private:
  const ClientOptions options_;
  const absl::StatusOr<Address> address_;
  LendingPool<Connection> connections_;
};

Client::Client(ClientOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Client::~Client() = default;

absl::StatusOr<Reply> Client::Run(const Command& command) { return impl_->Run(command, milliseconds(0)); }

absl::StatusOr<Reply> Client::RunBlocking(const Command& command, milliseconds wait) {
  return impl_->Run(command, wait);
}

absl::StatusOr<std::vector<Reply>> Client::Pipeline(const std::vector<Command>& commands) {
  if (commands.empty()) return std::vector<Reply>();
  std::vector<const Command*> pointers;
  pointers.reserve(commands.size());
  for (const Command& command : commands) pointers.push_back(&command);
  return impl_->Exchange(pointers, milliseconds(0));
}

absl::StatusOr<Reply> Client::Script(std::string_view lua, const std::vector<std::string>& keys,
                                     const std::vector<std::string>& args) {
  Command command{"EVALSHA", Sha1(lua), std::to_string(keys.size())};
  command.insert(command.end(), keys.begin(), keys.end());
  command.insert(command.end(), args.begin(), args.end());
  auto reply = Run(command);
  if (reply.ok() || !MessageOf(reply.status()).starts_with("NOSCRIPT")) return reply;
  command[0] = "EVAL";  // which Redis remembers for the next EVALSHA
  command[1] = lua;
  return Run(command);
}

absl::StatusOr<std::vector<StreamEntry>> Client::ReadStream(std::string_view stream, std::string_view after,
                                                            std::size_t count, milliseconds block) {
  Command command{"XREAD", "COUNT", std::to_string(count)};
  // BLOCK 0 would wait for ever.
  if (block.count() > 0) command.insert(command.end(), {"BLOCK", std::to_string(block.count())});
  command.insert(command.end(), {"STREAMS", std::string(stream), std::string(after)});
  PT_ASSIGN_OR_RETURN(const Reply reply, RunBlocking(command, block));
  if (reply.array.empty() || reply.array[0].array.size() < 2) return std::vector<StreamEntry>();
  return ParseEntries(reply.array[0].array[1]);
}

absl::Status Client::Ping() { return Run({"PING"}).status(); }

const std::string* StreamEntry::Find(std::string_view name) const {
  for (const auto& [field, value] : fields) {
    if (field == name) return &value;
  }
  return nullptr;
}

std::vector<StreamEntry> ParseEntries(const Reply& entries) {
  std::vector<StreamEntry> out;
  out.reserve(entries.array.size());
  for (const Reply& entry : entries.array) {
    if (entry.array.size() < 2) continue;  // deleted meanwhile
    StreamEntry& parsed = out.emplace_back();
    parsed.id = entry.array[0].text;
    const std::vector<Reply>& flat = entry.array[1].array;
    for (std::size_t i = 0; i + 1 < flat.size(); i += 2) parsed.fields.emplace_back(flat[i].text, flat[i + 1].text);
  }
  return out;
}

}  // namespace papertape::redis
