#include "services/market_data/wiring.h"

int main() { return papertape::service::Run("market-data", papertape::market::Wire); }
