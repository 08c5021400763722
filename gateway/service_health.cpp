#include "gateway/service_health.h"

#include <google/protobuf/empty.pb.h>

#include <utility>

#include "fmt/format.h"

namespace papertape::gateway {
namespace {

const std::string kCheck = "/grpc.health.v1.Health/Check";

// HealthCheckResponse's field 1, `status`, whose 1 is SERVING; the message itself is not linked in.
std::string StatusOf(const google::protobuf::Message& reply) {
  const auto& fields = reply.GetReflection()->GetUnknownFields(reply);
  for (int i = 0; i < fields.field_count(); ++i) {
    const auto& field = fields.field(i);
    if (field.number() == 1 && field.type() == google::protobuf::UnknownField::TYPE_VARINT && field.varint() == 1) {
      return "SERVING";
    }
  }
  return "NOT_SERVING";
}

}  // namespace

// One question to every service.
struct ServiceHealth::Round {
  std::mutex mutex;
  std::size_t left = 0;
  std::vector<Finding> findings;
};

class ServiceHealth::Probe : public UnaryCall {
 public:
  Probe(ServiceHealth& health, std::shared_ptr<Round> round, std::size_t upstream)
      : UnaryCall(google::protobuf::Empty::default_instance(), google::protobuf::Empty::default_instance()),
        health_(health),
        round_(std::move(round)),
        upstream_(upstream),
        started_(health.clock_.Steady()) {
    timeout = kTimeout;
    probe = true;
  }

  void OnDone(const absl::Status& status) override {
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(health_.clock_.Steady() - started_);
    bool last = false;
    {
      const std::lock_guard lock(round_->mutex);
      round_->findings[upstream_] = {status.ok() ? StatusOf(reply()) : "UNAVAILABLE", took};
      last = --round_->left == 0;
    }
    if (last) health_.Finish(*round_);
  }

 private:
  ServiceHealth& health_;
  const std::shared_ptr<Round> round_;
  const std::size_t upstream_;
  const Instant started_;
};

void ServiceHealth::Report(std::function<void(HttpResponse)> done) {
  {
    std::unique_lock lock(mutex_);
    if (clock_.Steady() < good_until_) {
      const HttpResponse known = newest_;
      lock.unlock();
      return done(known);
    }
    waiting_.push_back(std::move(done));
    if (std::exchange(running_, true)) return;
  }
  const auto round = std::make_shared<Round>();
  round->left = invoker_.upstreams().size();
  round->findings.resize(round->left);
  for (std::size_t i = 0; i < invoker_.upstreams().size(); ++i) {
    invoker_.Invoke(i, kCheck, std::make_unique<Probe>(*this, round, i));
  }
}

void ServiceHealth::Finish(const Round& round) {
  std::vector<std::function<void(HttpResponse)>> waiting;
  const HttpResponse response = Print(round.findings);
  {
    const std::lock_guard lock(mutex_);
    newest_ = response;
    good_until_ = clock_.Steady() + kGoodFor;
    running_ = false;
    waiting = std::exchange(waiting_, {});
  }
  for (const auto& done : waiting) done(response);
}

HttpResponse ServiceHealth::Print(const std::vector<Finding>& findings) const {
  const std::vector<GrpcInvoker::Upstream>& upstreams = invoker_.upstreams();
  bool all_serve = true;
  std::string services;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    all_serve = all_serve && findings[i].status == "SERVING";
    services +=
        fmt::format(R"({}"{}":{{"status":"{}","latency_ms":{},"breaker":"{}"}})", i == 0 ? "" : ",", upstreams[i].name,
                    findings[i].status, static_cast<double>(findings[i].latency.count()) / 1000,
                    rpc::NameOf(invoker_.BreakerOf(i)));
  }
  HttpResponse response{.status = all_serve ? 200 : 503};
  if (!all_serve) response.AddHeader("Retry-After", "1");
  response.body = fmt::format(R"({{"status":"{}","services":{{{}}},"version":"{}"}})", all_serve ? "ok" : "unavailable",
                              services, PAPERTAPE_VERSION);
  return response;
}

}  // namespace papertape::gateway
