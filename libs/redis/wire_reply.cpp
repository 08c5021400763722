#include "libs/redis/wire_reply.h"

#include "libs/status/status.h"

namespace papertape::redis {
namespace {

std::string_view View(const redisReply& reply) { return {reply.str, static_cast<std::size_t>(reply.len)}; }

// Redis answered, but it cannot serve now.
bool IsPassing(std::string_view error) {
  for (const std::string_view word : {"LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY ", "OOM"}) {
    if (error.starts_with(word)) return true;
  }
  return false;
}

absl::Status Refused(std::string_view error) {
  return Error(IsPassing(error) ? Reason::kUNAVAILABLE : Reason::kINTERNAL, error);
}

}  // namespace

absl::Status FromWire(const redisReply& from, Reply& to) {
  switch (from.type) {
    case REDIS_REPLY_ERROR:
      return Refused(View(from));
    case REDIS_REPLY_INTEGER:
      to.kind = Reply::Kind::kInteger;
      to.integer = from.integer;
      return absl::OkStatus();
    case REDIS_REPLY_NIL:
      return absl::OkStatus();
    case REDIS_REPLY_ARRAY: {
      to.kind = Reply::Kind::kArray;
      to.array.resize(from.elements);
      for (std::size_t i = 0; i < from.elements; ++i) PT_RETURN_IF_ERROR(FromWire(*from.element[i], to.array[i]));
      return absl::OkStatus();
    }
    default:
      to.kind = Reply::Kind::kText;
      to.text = View(from);
      return absl::OkStatus();
  }
}

}  // namespace papertape::redis
