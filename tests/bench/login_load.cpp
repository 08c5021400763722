// Sign-ins through gRPC, the hashing that bounds them, and what a token costs whoever verifies it.
// usage: papertape-bench-login hashes SECONDS THREADS COST
//        papertape-bench-login logins ADDRESS SECONDS IN_FLIGHT
//        papertape-bench-login tokens SECONDS
// prints a line "name value" for
//   hashes: hashes_per_s    logins: logins_per_s login_p50_ms me_p50_ms me_p99_ms
//   tokens: cached_per_s, and for each algorithm uncached_<algorithm>_per_s; all on one thread
//
// `logins` registers a user for each sign-in in flight first. Beside them one more caller asks GetMe 100 times a
// second: what the others feel of the storm.
#include <grpcpp/grpcpp.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <thread>

#include "fmt/format.h"
#include "libs/auth/token.h"
#include "libs/rpc/metadata.h"
#include "papertape/auth/v1/auth_service.grpc.pb.h"
#include "services/auth/clients/bcrypt_hasher.h"

namespace papertape::bench {
namespace {

namespace v1 = auth::v1;
using Seconds = std::chrono::duration<double>;

constexpr char kPassword[] = "a password of the bench";
constexpr std::chrono::seconds kCallWithin{60};

[[noreturn]] void Fail(const std::string& why) {
  fmt::print(stderr, "login: {}\n", why);
  std::exit(1);
}

Instant Now() { return SystemClock().Steady(); }
double SecondsSince(Instant begun) { return Seconds(Now() - begun).count(); }

// Calls `step` on each of `threads` threads until the time is up; how often a second in all.
double Rate(double seconds, int threads, const std::function<void(int thread)>& step) {
  std::atomic<std::uint64_t> steps = 0;
  std::vector<std::thread> workers;
  const Instant begun = Now();
  for (int thread = 0; thread < threads; ++thread) {
    workers.emplace_back([&, thread] {
      while (SecondsSince(begun) < seconds) {
        step(thread);
        ++steps;
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  return static_cast<double>(steps) / SecondsSince(begun);
}

void Hashes(double seconds, int threads, int cost) {
  const auto hasher = auth::BcryptHasher::Make(cost, SystemRandom());
  if (!hasher.ok()) Fail("no bcrypt");
  const double rate = Rate(seconds, threads, [&](int) { (*hasher)->Matches(kPassword, (*hasher)->Decoy()); });
  fmt::print("hashes_per_s {}\n", rate);
}

void Prepare(grpc::ClientContext& context, const std::string& token = "") {
  context.set_wait_for_ready(true);
  context.set_deadline(ToSystemTime(SystemClock().Now() + kCallWithin));
  if (!token.empty()) context.AddMetadata(rpc::kAuthorization, "Bearer " + token);
}

v1::LoginReply SignIn(v1::AuthService::Stub& stub, const std::string& email) {
  grpc::ClientContext context;
  Prepare(context);
  v1::LoginRequest request;
  request.set_email(email);
  request.set_password(kPassword);
  v1::LoginReply reply;
  const grpc::Status status = stub.Login(&context, request, &reply);
  if (!status.ok()) Fail("a sign-in is refused: " + status.error_message());
  return reply;
}

// A user whom nobody has registered before: rounds share a database.
std::string Register(v1::AuthService::Stub& stub) {
  grpc::ClientContext context;
  Prepare(context);
  v1::RegisterRequest request;
  request.set_email(RandomHex(SystemRandom(), 8) + "@bench.example");
  request.set_password(kPassword);
  v1::RegisterReply reply;
  const grpc::Status status = stub.Register(&context, request, &reply);
  if (!status.ok()) Fail("a registration is refused: " + status.error_message());
  return reply.email();
}

double Percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

// What the others feel of a storm: one caller whose GetMe calls are due at a fixed pace, whatever the answers take. A
// caller that asked again as soon as it is answered would be a storm of its own, and would count a long wait once.
class Bystander {
 public:
  Bystander(v1::AuthService::Stub& stub, std::string token)
      : stub_(stub), token_(std::move(token)), thread_([this] { AskUntilOver(); }) {}

  // The calls' times in ms, each from when it was due.
  std::vector<double> End() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    wake_.notify_one();
    thread_.join();
    return times_ms_;
  }

 private:
  static constexpr std::chrono::milliseconds kEvery{10};

  void AskUntilOver() {
    for (Instant due = Now(); !IsOverAt(due); due += kEvery) {
      grpc::ClientContext context;
      Prepare(context, token_);
      v1::Me me;
      if (!stub_.GetMe(&context, {}, &me).ok()) Fail("GetMe is refused");
      times_ms_.push_back(1000 * SecondsSince(due));
    }
  }
  bool IsOverAt(Instant due) {
    std::unique_lock lock(mutex_);
    return wake_.wait_for(lock, due - Now(), [this] { return is_over_; });
  }

  v1::AuthService::Stub& stub_;
  const std::string token_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_over_ = false;
  std::vector<double> times_ms_;
  std::thread thread_;
};

void Logins(const std::string& address, double seconds, int in_flight) {
  const auto channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  const auto stub = v1::AuthService::NewStub(channel);
  std::vector<std::string> emails;
  for (int i = 0; i < in_flight; ++i) emails.push_back(Register(*stub));

  Bystander bystander(*stub, SignIn(*stub, emails.front()).access_token());
  std::vector<std::vector<double>> login_ms(static_cast<std::size_t>(in_flight));
  const double rate = Rate(seconds, in_flight, [&](int thread) {
    const auto slot = static_cast<std::size_t>(thread);
    const Instant begun = Now();
    SignIn(*stub, emails[slot]);
    login_ms[slot].push_back(1000 * SecondsSince(begun));
  });
  const std::vector<double> me_ms = bystander.End();
  std::vector<double> all;
  for (const auto& own : login_ms) all.insert(all.end(), own.begin(), own.end());
  fmt::print("logins_per_s {}\nlogin_p50_ms {}\nme_p50_ms {}\nme_p99_ms {}\n", rate, Percentile(all, 0.5),
             Percentile(me_ms, 0.5), Percentile(me_ms, 0.99));
}

std::string ToPem(EVP_PKEY* key, bool is_private) {
  BIO* out = BIO_new(BIO_s_mem());
  is_private ? PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr)
             : PEM_write_bio_PUBKEY(out, key);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(out);
  return pem;
}

auth::TokenKeys KeysOf(const std::string& algorithm) {
  auth::TokenKeys keys{.algorithm = algorithm, .secret = std::string(32, 's')};
  if (algorithm == "HS256") return keys;
  EVP_PKEY* key = algorithm == "RS256" ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
  keys.private_key_pem = ToPem(key, true);
  keys.public_key_pem = ToPem(key, false);
  EVP_PKEY_free(key);
  return keys;
}

std::vector<std::string> SignTokens(const auth::TokenKeys& keys, int count) {
  const auth::TokenSigner signer(keys, SystemClock());
  std::vector<std::string> tokens;
  for (int i = 1; i <= count; ++i) {
    auto token = signer.Sign({.user_id = i,
                              .email = fmt::format("user{}@bench.example", i),
                              .token_id = RandomHex(SystemRandom(), 16),
                              .session_id = RandomHex(SystemRandom(), 16)},
                             std::chrono::hours(1));
    if (!token.ok()) Fail("a token cannot be signed");
    tokens.push_back(*std::move(token));
  }
  return tokens;
}

// The revocation list holds as many sessions as a busy hour ends; none of them is asked for.
void Tokens(double seconds) {
  constexpr int kCallers = 1'000;
  auth::Revocations revocations(SystemClock());
  for (int i = 0; i < 10'000; ++i) {
    revocations.Revoke(RandomHex(SystemRandom(), 16), SystemClock().Now() + std::chrono::minutes(10));
  }
  const auto verify = [](auth::TokenVerifier& verifier, const std::string& token) {
    if (!verifier.Verify(token).ok()) Fail("a good token is refused");
  };
  {
    const auth::TokenKeys keys = KeysOf("HS256");
    const std::vector<std::string> tokens = SignTokens(keys, kCallers);
    auth::TokenVerifier verifier(keys, SystemClock(), &revocations);
    std::size_t turn = 0;
    const double batches = Rate(seconds, 1, [&](int) {
      for (int i = 0; i < kCallers; ++i) verify(verifier, tokens[turn++ % tokens.size()]);
    });
    fmt::print("cached_per_s {}\n", batches * kCallers);
  }
  for (const char* algorithm : {"HS256", "RS256", "ES256"}) {
    const auth::TokenKeys keys = KeysOf(algorithm);
    // Each is seen once: so many are signed beforehand that none has to be remembered.
    const std::vector<std::string> tokens = SignTokens(keys, algorithm == std::string("RS256") ? 500 : 2'000);
    double spent = 0;
    std::size_t verified = 0;
    while (spent < seconds) {
      auth::TokenVerifier verifier(keys, SystemClock(), &revocations);
      const Instant begun = Now();
      for (const std::string& token : tokens) verify(verifier, token);
      spent += SecondsSince(begun);
      verified += tokens.size();
    }
    fmt::print("uncached_{}_per_s {}\n", algorithm, static_cast<double>(verified) / spent);
  }
}

}  // namespace
}  // namespace papertape::bench

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const auto number = [&](std::size_t at) {
    double value = 0;
    if (at < words.size()) std::from_chars(words[at].data(), words[at].data() + words[at].size(), value);
    return value;
  };
  const std::string mode = words.empty() ? "" : words[0];
  if (mode == "hashes") {
    papertape::bench::Hashes(number(1), static_cast<int>(number(2)), static_cast<int>(number(3)));
  } else if (mode == "logins" && words.size() == 4) {
    papertape::bench::Logins(words[1], number(2), static_cast<int>(number(3)));
  } else if (mode == "tokens") {
    papertape::bench::Tokens(number(1));
  } else {
    fmt::print(stderr, "usage: papertape-bench-login hashes|logins|tokens ...\n");
    return 2;
  }
  return 0;
}
