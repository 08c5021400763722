#include "services/notification/store/feed_tail.h"

#include <chrono>

#include "libs/events/events.h"
#include "libs/log/log.h"
#include "libs/status/status.h"

namespace papertape::notification {
namespace {

constexpr std::size_t kEntriesAtOnce = 512;
constexpr std::size_t kIdsRemembered = 65'536;
constexpr std::chrono::milliseconds kBlock{250};  // also how long a stop may take

}  // namespace

FeedTail::FeedTail(redis::Client& redis, std::string stream, Sink sink)
    : redis_(redis),
      stream_(std::move(stream)),
      sink_(std::move(sink)),
      seen_(kIdsRemembered),
      thread_("tail of " + stream_, [this] { return ReadOnce(); }) {}

absl::Status FeedTail::Start() {
  PT_RETURN_IF_ERROR(FindEnd());
  thread_.Start();
  return absl::OkStatus();
}

// `$` would mean another place at every read.
absl::Status FeedTail::FindEnd() {
  PT_ASSIGN_OR_RETURN(const redis::Reply reply, redis_.Run({"XREVRANGE", stream_, "+", "-", "COUNT", "1"}));
  const std::vector<redis::StreamEntry> newest = redis::ParseEntries(reply);
  position_ = newest.empty() ? "0-0" : newest.front().id;
  return absl::OkStatus();
}

absl::StatusOr<std::chrono::milliseconds> FeedTail::ReadOnce() {
  PT_ASSIGN_OR_RETURN(const std::vector<redis::StreamEntry> entries,
                      redis_.ReadStream(stream_, position_, kEntriesAtOnce, kBlock));
  std::vector<std::string> news;
  for (const redis::StreamEntry& entry : entries) {
    position_ = entry.id;
    absl::StatusOr<events::Event> event = events::EventOf(entry);
    if (!event.ok()) {
      log::Error("an entry of the feed stream is not an event",
                 {{"entry", entry.id}, {"detail", MessageOf(event.status())}});
      continue;
    }
    // The relay sends an event again when it failed between sending and marking it.
    if (seen_.Add(event->id)) news.push_back(std::move(event->payload));
  }
  if (!news.empty()) sink_(news);
  return std::chrono::milliseconds(0);
}

}  // namespace papertape::notification
