// The settings of portfolio, read once at start.
#pragma once

#include "libs/config/settings.h"
#include "libs/rpc/channel.h"

namespace papertape::portfolio {

struct Config {
  rpc::PeerOptions engine;
  rpc::PeerOptions market;
};

// Notes mistakes in `settings`.
Config ReadConfig(Settings& settings);

}  // namespace papertape::portfolio
