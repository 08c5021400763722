#include "libs/rpc/host.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "libs/log/log.h"
#include "libs/rpc/admin_server.h"
#include "libs/rpc/channel.h"
#include "libs/rpc/gate.h"
#include "libs/rpc/revocation_tail.h"
#include "libs/status/status.h"

namespace papertape::service {
namespace {

constexpr std::chrono::seconds kProbeEvery{1};
// Between two attempts to start a part that waits for something outside.
constexpr std::chrono::milliseconds kFirstPause{250};
constexpr std::chrono::milliseconds kLongestPause{5'000};

struct ProcessConfig {
  std::string log_level;
  std::vector<std::string> listen;
  std::string admin_listen;
  std::chrono::milliseconds drain_timeout{};
  rpc::Gate::Options gate;
};

ProcessConfig ReadProcessConfig(Settings& settings) {
  ProcessConfig config;
  config.log_level = settings.OneOf("PAPERTAPE_LOG_LEVEL", "info", {"debug", "info", "warning", "error"});
  config.listen = settings.List("PAPERTAPE_LISTEN", "127.0.0.1:50050");
  config.admin_listen = settings.Text("PAPERTAPE_ADMIN_LISTEN", "");
  config.drain_timeout = settings.Millis("PAPERTAPE_DRAIN_TIMEOUT_MS", 10'000, 0, 600'000);
  config.gate.secret_key = settings.Text("SECRET_KEY", "");
  config.gate.call_timeout = settings.Millis("PAPERTAPE_CALL_TIMEOUT_MS", 10'000, 10, 600'000);
  config.gate.worker_threads = static_cast<std::size_t>(settings.Integer("PAPERTAPE_WORKER_THREADS", 8, 1, 256));
  return config;
}

// Blocks the signals that end the process in every thread made from now on; Wait takes them one at a time.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }
  int Wait() const {
    int signal = 0;
    sigwait(&set_, &signal);
    return signal;
  }
  // The same for `time` at most; 0 when none came.
  int WaitFor(std::chrono::milliseconds time) const {
    const timespec timeout{.tv_sec = time.count() / 1000, .tv_nsec = time.count() % 1000 * 1'000'000};
    return std::max(sigtimedwait(&set_, nullptr, &timeout), 0);
  }

 private:
  sigset_t set_{};
};

class TheHost : public Host {
 public:
  TheHost(Settings& settings, const ProcessConfig& config)
      : settings_(settings),
        config_(config),
        revocations_(SystemClock(), auth::ReadWithoutRedis(settings)),
        revocation_tail_(settings.Required("REDIS_URL"), revocations_, SystemClock()),
        verifier_(auth::ReadTokenKeys(settings, false), SystemClock(), &revocations_),
        gate_(config.gate, verifier_, SystemClock(), metrics_) {}

  ~TheHost() override {
    while (!owned_.empty()) owned_.pop_back();
  }

  Settings& settings() override { return settings_; }
  const Clock& clock() override { return SystemClock(); }
  rpc::Gate& gate() override { return gate_; }
  auth::Revocations& revocations() override { return revocations_; }
  rpc::Metrics& metrics() override { return metrics_; }
  void Serve(std::shared_ptr<grpc::Service> service) override { services_.push_back(std::move(service)); }
  void AcceptRequestsOf(std::size_t bytes) override { request_bytes_ = std::max(request_bytes_, bytes); }
  void AddReadiness(std::string name, std::function<absl::Status()> probe) override {
    probes_.push_back({std::move(name), std::move(probe)});
  }
  void AddDetail(std::string group, std::string name, std::function<std::string()> tell) override {
    details_[std::move(group)].emplace(std::move(name), std::move(tell));
  }
  void AddPart(std::string name, std::function<absl::Status()> start, std::function<void()> stop) override {
    parts_.push_back({std::move(name), std::move(start), std::move(stop)});
  }
  void OnDrain(std::function<void()> hang_up) override { hang_ups_.push_back(std::move(hang_up)); }

  // CANCELLED when a signal came while a part waited.
  absl::Status Start(const StopSignals& signals) {
    if (!config_.admin_listen.empty()) PT_RETURN_IF_ERROR(admin_.Start(config_.admin_listen));
    for (const Part& part : parts_) {
      if (absl::Status started = StartPart(part, signals); !started.ok()) {
        return absl::Status(started.code(), fmt::format("{} does not start: {}", part.name, MessageOf(started)));
      }
      ++started_parts_;
    }
    revocation_tail_.Start();
    {
      const std::lock_guard lock(mutex_);
      waits_for_ = "";
    }
    PT_RETURN_IF_ERROR(StartServer());
    prober_ = std::thread([this] { Probe(); });
    return absl::OkStatus();
  }

  // Readiness off, calls drained, parts stopped in reverse order.
  void Stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    if (prober_.joinable()) prober_.join();
    if (server_ != nullptr) server_->GetHealthCheckService()->SetServingStatus(false);
    // Also where no call was ever served: parts that have started may wait for the outside.
    for (const auto& hang_up : hang_ups_) hang_up();
    if (server_ != nullptr) {
      server_->Shutdown(ToSystemTime(SystemClock().Now() + config_.drain_timeout));
    }
    revocation_tail_.Stop();
    for (; started_parts_ > 0; --started_parts_) parts_[started_parts_ - 1].stop();
    admin_.Stop();
  }

  absl::Status Ready() {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return absl::UnavailableError("stopping");
      if (!waits_for_.empty()) return absl::UnavailableError(waits_for_);
    }
    for (const ReadinessProbe& probe : probes_) {
      if (absl::Status status = probe.probe(); !status.ok()) {
        return absl::UnavailableError(fmt::format("{}: {}", probe.name, MessageOf(status)));
      }
    }
    return absl::OkStatus();
  }

  // As the rest of a JSON object: `,"providers":{"polygon":"closed"}`.
  [[nodiscard]] std::string Details() const {
    std::string text;
    for (const auto& [group, tellers] : details_) {
      text += ',';
      log::AppendJsonString(group, text);
      text += ':';
      for (char before = '{'; const auto& [name, tell] : tellers) {
        text += std::exchange(before, ',');
        log::AppendJsonString(name, text);
        text += ':';
        log::AppendJsonString(tell(), text);
      }
      text += '}';
    }
    return text;
  }

 private:
  struct Part {
    std::string name;
    std::function<absl::Status()> start;
    std::function<void()> stop;
  };
  struct ReadinessProbe {
    std::string name;
    std::function<absl::Status()> probe;
  };

  void Keep(std::shared_ptr<void> owned) override { owned_.push_back(std::move(owned)); }

  // A part that answers UNAVAILABLE waits for something outside the process, a database that is not up yet, and is
  // started again until it is there: what waits needs nobody to start it again. Any other failure is final.
  absl::Status StartPart(const Part& part, const StopSignals& signals) {
    for (std::chrono::milliseconds pause = kFirstPause;; pause = std::min(pause * 2, kLongestPause)) {
      absl::Status started = part.start();
      if (!absl::IsUnavailable(started)) return started;
      log::Warning("waiting", {{"part", part.name}, {"detail", MessageOf(started)}});
      {
        const std::lock_guard lock(mutex_);
        waits_for_ = fmt::format("{} waits: {}", part.name, MessageOf(started));
      }
      if (signals.WaitFor(pause) != 0) return absl::CancelledError("a signal came");
    }
  }

  absl::Status StartServer() {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    grpc::ServerBuilder builder;
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
    // The same keepalive that channel.cpp asks for must not be taken for abuse.
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 5'000);
    builder.SetMaxReceiveMessageSize(static_cast<int>(request_bytes_));
    for (const std::string& address : config_.listen) {
      builder.AddListeningPort(address, grpc::InsecureServerCredentials());
    }
    for (const auto& service : services_) builder.RegisterService(service.get());
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) {
      return absl::UnavailableError(fmt::format("cannot listen on {}: is it in use?", fmt::join(config_.listen, ", ")));
    }
    server_->GetHealthCheckService()->SetServingStatus(Ready().ok());
    return absl::OkStatus();
  }

  // gRPC's health service answers what the probes said last.
  void Probe() {
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, kProbeEvery, [this] { return stopping_; })) {
      lock.unlock();
      server_->GetHealthCheckService()->SetServingStatus(Ready().ok());
      lock.lock();
    }
  }

  Settings& settings_;
  const ProcessConfig& config_;
  rpc::Metrics metrics_;
  auth::Revocations revocations_;
  rpc::RevocationTail revocation_tail_;
  auth::TokenVerifier verifier_;
  rpc::Gate gate_;
  std::vector<std::shared_ptr<void>> owned_;
  std::vector<std::shared_ptr<grpc::Service>> services_;
  std::vector<ReadinessProbe> probes_;
  std::map<std::string, std::map<std::string, std::function<std::string()>>> details_;
  std::vector<Part> parts_;
  std::vector<std::function<void()>> hang_ups_;
  std::size_t request_bytes_ = std::size_t{4} << 20U;
  std::size_t started_parts_ = 0;
  std::unique_ptr<grpc::Server> server_;
  rpc::AdminServer admin_{[this] { return Ready(); }, [this] { return Details(); },
                          [this] { return metrics_.Scrape(); }};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::string waits_for_ = "starting";  // what readiness says before all parts have started
  std::thread prober_;
};

int Fail(std::string_view what, const absl::Status& status) {
  log::Error(what, {{"detail", MessageOf(status)}});
  return 1;
}

}  // namespace

int Run(std::string_view name, WireFunction wire) {
  rpc::TuneProcess();
  const StopSignals signals;
  Settings settings = Settings::FromEnvironment();
  const ProcessConfig config = ReadProcessConfig(settings);
  log::Configure(name, config.log_level);

  TheHost host(settings, config);
  const absl::Status wired = wire(host);
  if (absl::Status mistakes = settings.Check(); !mistakes.ok()) return Fail("settings are wrong", mistakes);
  if (!wired.ok()) return Fail("cannot be wired", wired);
  if (absl::Status started = host.Start(signals); !started.ok()) {
    host.Stop();
    if (absl::IsCancelled(started)) return 0;
    return Fail("does not start", started);
  }
  log::Info("serving", {{"listen", fmt::format("{}", fmt::join(config.listen, ", "))}});
  const int signal = signals.Wait();
  log::Info("stopping", {{"signal", signal}});
  host.Stop();
  log::Info("stopped");
  return 0;
}

}  // namespace papertape::service
