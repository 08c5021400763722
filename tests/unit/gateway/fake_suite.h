// A gateway over services that tests control: the workshop (a service the gateway was not written for), the quote
// stream and the feed, all in this process behind one unix socket.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "gateway/gateway.h"
#include "libs/auth/token.h"
#include "libs/clock/clock.h"
#include "libs/rpc/status_wire.h"
#include "libs/status/status.h"
#include "papertape/auth/v1/api_key_service.grpc.pb.h"
#include "papertape/market_data/v1/market_data_service.grpc.pb.h"
#include "papertape/notification/v1/notification_service.grpc.pb.h"
#include "papertape/test/v1/workshop_service.grpc.pb.h"

namespace papertape::gateway::testing {

using Metadata = std::map<std::string, std::string>;

class FakeWorkshop final : public test::v1::WorkshopService::Service {
 public:
  // Of the newest call.
  Metadata metadata() {
    const std::lock_guard lock(mutex_);
    return metadata_;
  }
  int calls() {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  grpc::Status CreateTool(grpc::ServerContext* context, const test::v1::Tool* request, test::v1::Tool* reply) override {
    Note(*context);
    *reply = *request;
    return grpc::Status::OK;
  }
  grpc::Status GetTool(grpc::ServerContext* context, const test::v1::GetToolRequest* request,
                       test::v1::Tool* reply) override {
    Note(*context);
    if (request->name() == "accepted") context->AddInitialMetadata("x-http-status", "202");
    reply->set_name(request->name());
    return grpc::Status::OK;
  }
  grpc::Status ListTools(grpc::ServerContext* context, const test::v1::GetToolRequest*,
                         test::v1::ToolList* reply) override {
    Note(*context);
    reply->add_tools()->set_name("saw");
    return grpc::Status::OK;
  }
  grpc::Status GetPage(grpc::ServerContext* context, const test::v1::GetToolRequest* request,
                       test::v1::Tool* reply) override {
    return GetTool(context, request, reply);
  }
  grpc::Status HangPictures(grpc::ServerContext* context, const test::v1::HangPicturesRequest* request,
                            test::v1::Tool* reply) override {
    Note(*context);
    for (const test::v1::Picture& picture : request->pictures()) {
      reply->add_tags(picture.title() + " " + picture.file_name() + " " + std::to_string(picture.content().size()));
    }
    return grpc::Status::OK;
  }
  // `page` is a web page, `large` is of 10 MiB.
  grpc::Status GetPicture(grpc::ServerContext* context, const test::v1::GetToolRequest* request,
                          type::v1::File* reply) override {
    Note(*context);
    reply->set_content_type(request->name() == "page" ? "text/html" : "image/png");
    reply->set_name(request->name() + ".png");
    reply->set_content(std::string(request->name() == "large" ? 10 << 20 : 5, '\0'));
    return grpc::Status::OK;
  }
  grpc::Status Fail(grpc::ServerContext* context, const test::v1::GetToolRequest* request, test::v1::Tool*) override;
  void Note(const grpc::ServerContext& context);

  std::mutex mutex_;
  std::condition_variable wake_;
  Metadata metadata_;
  int calls_ = 0;
};

// What a stream has still to say, and to whom it is open.
template <class Batch>
class Outbox {
 public:
  void Push(Batch batch) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(batch));
    wake_.notify_all();
  }
  // Writes until the stream or the test ends.
  template <class Stream>
  void Serve(grpc::ServerContext& context, Stream& stream) {
    std::unique_lock lock(mutex_);
    while (!stopping_ && !context.IsCancelled()) {
      wake_.wait_for(lock, std::chrono::milliseconds(5), [this] { return stopping_ || !waiting_.empty(); });
      while (!waiting_.empty()) {
        stream.Write(waiting_.front());
        waiting_.pop_front();
      }
      if (cut_) {
        cut_ = false;
        return;
      }
    }
  }
  // Ends the stream that is open.
  void Cut() {
    const std::lock_guard lock(mutex_);
    cut_ = true;
  }
  void Stop() {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Batch> waiting_;
  bool stopping_ = false;
  bool cut_ = false;
};

// Knows the key "pk_good" with the secret "sk_good", a user's 7, which may read.
class FakeKeys final : public auth::v1::ApiKeyService::Service {
 public:
  std::atomic<int> asked = 0;
  std::atomic<bool> down = false;
  std::chrono::seconds token_life = std::chrono::minutes(10);

 private:
  grpc::Status ExchangeApiKey(grpc::ServerContext*, const auth::v1::ExchangeApiKeyRequest* request,
                              auth::v1::ExchangeApiKeyReply* reply) override;
};

class FakeMarket final : public market_data::v1::MarketDataService::Service {
 public:
  Outbox<market_data::v1::QuoteBatch> outbox;

 private:
  grpc::Status StreamQuotes(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<market_data::v1::QuoteBatch, market_data::v1::StreamQuotesRequest>* stream) override;
  // Knows QUIET, which has no quote, and answers every other symbol but NOPE at 7.
  grpc::Status GetQuote(grpc::ServerContext*, const market_data::v1::GetQuoteRequest* request,
                        market_data::v1::Quote* reply) override;
};

class FakeFeed final : public notification::v1::NotificationService::Service {
 public:
  Outbox<notification::v1::FeedBatch> outbox;

 private:
  grpc::Status StreamFeed(grpc::ServerContext* context, const notification::v1::StreamFeedRequest*,
                          grpc::ServerWriter<notification::v1::FeedBatch>* stream) override {
    outbox.Serve(*context, *stream);
    return grpc::Status::OK;
  }
};

class FakeSuite {
 public:
  // `adjust` may change the gateway's settings.
  explicit FakeSuite(const std::function<void(Config&)>& adjust = [](Config&) {});
  ~FakeSuite();

  FakeWorkshop& workshop() { return workshop_; }
  FakeKeys& keys() { return keys_; }
  Gateway& gateway() { return *gateway_; }
  [[nodiscard]] std::uint16_t port() const { return gateway_->port(); }
  // Ends the services, not the gateway.
  void StopServices();

  // A token of that user; `life` may be negative.
  static std::string TokenOf(std::int64_t user_id, std::chrono::seconds life = std::chrono::minutes(5));
  void Quote(const std::string& symbol, std::int64_t price_micros, bool stale = false);
  // A quote of a session of the past, made when that market's clock showed `clock`.
  void ReplayedQuote(std::int64_t session, Timestamp clock, const std::string& symbol, std::int64_t price_micros);
  // That clock has moved on.
  void ReplayBeat(std::int64_t session, Timestamp clock);
  void Alert(std::int64_t user_id, const std::string& message);
  void CutStreams() {
    market_.outbox.Cut();
    feed_.outbox.Cut();
  }

 private:
  FakeWorkshop workshop_;
  FakeKeys keys_;
  FakeMarket market_;
  FakeFeed feed_;
  std::string socket_path_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Gateway> gateway_;
};

}  // namespace papertape::gateway::testing
