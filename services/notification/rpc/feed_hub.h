// The gateways that listen. Every listener gets every published entry, in the order of publication, in batches: what
// gathers while one batch is on its way is the next one. A listener that falls further behind than `most_waiting`
// entries is cut (its call is cancelled) and connects anew, so that no gateway costs the others memory. Thread-safe.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "papertape/notification/v1/notification_service.pb.h"

namespace papertape::notification {

class FeedHub {
 public:
  using SharedEntry = std::shared_ptr<const v1::FeedEntry>;
  static constexpr std::size_t kMostWaiting = 10'000;

  explicit FeedHub(std::size_t most_waiting = kMostWaiting) : most_waiting_(most_waiting) {}
  // Every listener has hung up, or the server has been shut down, before this is destroyed.
  ~FeedHub() = default;
  FeedHub(const FeedHub&) = delete;
  FeedHub& operator=(const FeedHub&) = delete;

  // A new listener, which has sent its initial metadata: what is published from now on reaches it.
  grpc::ServerWriteReactor<v1::FeedBatch>* Listen(grpc::CallbackServerContext& context);
  void Publish(const std::vector<SharedEntry>& entries);
  // Ends every stream with UNAVAILABLE and refuses new ones.
  void HangUp();
  [[nodiscard]] std::size_t listeners() const;

 private:
  class Stream;
  void Remove(const Stream* stream);

  const std::size_t most_waiting_;
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<Stream>> streams_;
  bool hung_up_ = false;
};

}  // namespace papertape::notification
