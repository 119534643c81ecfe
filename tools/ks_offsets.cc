#include "lib/admin/tools.h"

int main(int argc, char** argv) { return ks::tool::main_of(ks::admin::offsets_tool(), argc, argv); }
