#include "services/notification/rpc/feed_hub.h"

#include "papertape/notification/v1/notification_service.grpc.pb.h"
#include "tests/support/eventually.h"
#include "tests/support/matchers.h"
#include "tests/support/rpc_server.h"

namespace papertape::notification {
namespace {

using testing::Eventually;
using testing::HasReason;

constexpr std::chrono::seconds kSoon{30};

// Nothing but the hub behind the stream.
class HubService final : public v1::NotificationService::CallbackService {
 public:
  explicit HubService(FeedHub& hub) : hub_(hub) {}
  grpc::ServerWriteReactor<v1::FeedBatch>* StreamFeed(grpc::CallbackServerContext* context,
                                                      const v1::StreamFeedRequest*) override {
    return hub_.Listen(*context);
  }

 private:
  FeedHub& hub_;
};

struct World {
  explicit World(std::size_t most_waiting = FeedHub::kMostWaiting) : hub(most_waiting) { server.Start({&service}); }
  FeedHub hub;
  HubService service{hub};
  testing::RpcServer server;
};

// A gateway that reads when told to.
class Listener {
 public:
  explicit Listener(World& world) : stub_(v1::NotificationService::NewStub(world.server.NewConnection())) {
    testing::Prepare(context_);
    reader_ = stub_->StreamFeed(&context_, {});
    reader_->WaitForInitialMetadata();
  }
  // The numbers of the next `count` entries, in their order; fewer when the stream ends.
  std::vector<std::int64_t> Read(std::size_t count) {
    std::vector<std::int64_t> ids;
    v1::FeedBatch batch;
    while (ids.size() < count && reader_->Read(&batch)) {
      for (const v1::FeedEntry& entry : batch.entries()) ids.push_back(entry.notification().id());
      ++batches_;
    }
    return ids;
  }
  absl::Status End() {
    v1::FeedBatch batch;
    while (reader_->Read(&batch)) {
    }
    return rpc::FromGrpc(reader_->Finish());
  }
  void Cancel() { context_.TryCancel(); }
  [[nodiscard]] int batches() const { return batches_; }

 private:
  std::unique_ptr<v1::NotificationService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::FeedBatch>> reader_;
  int batches_ = 0;
};

std::vector<FeedHub::SharedEntry> Entries(std::int64_t first, std::int64_t last, std::size_t padding = 0) {
  std::vector<FeedHub::SharedEntry> entries;
  for (std::int64_t id = first; id <= last; ++id) {
    auto entry = std::make_shared<v1::FeedEntry>();
    entry->mutable_notification()->set_id(id);
    entry->mutable_notification()->set_message(std::string(padding, 'x'));
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<std::int64_t> Numbers(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> numbers;
  for (std::int64_t id = first; id <= last; ++id) numbers.push_back(id);
  return numbers;
}

TEST_CASE("every listener hears everything in order from its first metadata on") {
  World world;
  Listener early(world);
  world.hub.Publish(Entries(1, 3));
  Listener late(world);
  for (std::int64_t id = 4; id <= 1'000; ++id) world.hub.Publish(Entries(id, id));
  CHECK(early.Read(1'000) == Numbers(1, 1'000));
  CHECK(late.Read(997) == Numbers(4, 1'000));
  early.Cancel();
  late.Cancel();
}

TEST_CASE("what gathers while a batch is on its way is sent together") {
  World world;
  Listener listener(world);
  world.hub.Publish(Entries(1, 2'000));
  CHECK(listener.Read(2'000) == Numbers(1, 2'000));
  CHECK(listener.batches() <= 5);
  listener.Cancel();
}

TEST_CASE("a listener that does not read is cut, and others do not notice") {
  World world(100);
  Listener slow(world);
  Listener quick(world);
  std::int64_t last = 0;
  // Large entries, so that the connection's window fills; the quick one reads them all.
  const bool cut = Eventually(kSoon, [&] {
    world.hub.Publish(Entries(last + 1, last + 10, 50'000));
    last += 10;
    return quick.Read(10).size() == 10 && world.hub.listeners() == 1;
  });
  CHECK(cut);
  CHECK_THAT(slow.End(), HasReason(Reason::kCANCELLED));
  world.hub.Publish(Entries(last + 1, last + 1));
  CHECK(quick.Read(1) == Numbers(last + 1, last + 1));
  quick.Cancel();
}

TEST_CASE("a listener that goes away is forgotten") {
  World world;
  auto listener = std::make_unique<Listener>(world);
  CHECK(world.hub.listeners() == 1);
  listener->Cancel();
  CHECK(Eventually(kSoon, [&] { return world.hub.listeners() == 0; }));
}

TEST_CASE("hanging up ends every stream and refuses new ones") {
  World world;
  Listener listener(world);
  world.hub.HangUp();
  CHECK_THAT(listener.End(), HasReason(Reason::kUNAVAILABLE));
  Listener refused(world);
  CHECK_THAT(refused.End(), HasReason(Reason::kUNAVAILABLE));
}

}  // namespace
}  // namespace papertape::notification
