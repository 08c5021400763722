// The settings of notification, read once at start.
#pragma once

#include <string>

#include "libs/config/settings.h"
#include "libs/pg/pool.h"
#include "libs/redis/redis.h"
#include "libs/seal/seal.h"
#include "services/notification/clients/smtp_transport.h"

namespace papertape::notification {

struct Config {
  pg::PoolOptions database;
  redis::ClientOptions redis;
  SealKeys seal_keys;
  SmtpOptions smtp;            // without a host: mails become files
  std::string mail_directory;  // where to
  std::string consumer;        // this process's name in the consumer group: the same after a restart
};

// Notes mistakes in `settings`.
Config ReadConfig(Settings& settings);

}  // namespace papertape::notification
