// The settings of auth, read once at start.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "libs/auth/token.h"
#include "libs/config/settings.h"
#include "libs/pg/pool.h"
#include "libs/rpc/channel.h"
#include "libs/seal/seal.h"
#include "services/auth/clients/s3_object_store.h"
#include "services/auth/domain/lockout.h"
#include "services/auth/domain/one_time_codes.h"

namespace papertape::auth {

struct Config {
  pg::PoolOptions database;
  TokenKeys keys;
  std::string redis_url;
  std::chrono::minutes token_life{10};
  std::chrono::hours refresh_life{7 * 24};
  CodeRules codes;
  Lockout::Rules lockout;
  rpc::PeerOptions notification;
  std::optional<int> bcrypt_cost = 12;  // 2^cost rounds; none: what suits the machine
  std::size_t password_threads = 1;
  std::size_t password_queue = 64;
  bool common_passwords = false;  // whether they may be chosen
  SealKeys data_keys;
  S3Options s3;  // an empty bucket: documents lie in `documents_directory`
  std::string documents_directory;
};

// Notes mistakes in `settings`.
Config ReadConfig(Settings& settings);

}  // namespace papertape::auth
