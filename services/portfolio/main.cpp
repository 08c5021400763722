#include "services/portfolio/wiring.h"

int main() { return papertape::service::Run("portfolio", papertape::portfolio::Wire); }
