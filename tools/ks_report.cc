#include "lib/runs/report_main.h"

int main(int argc, char** argv) { return ks::runs::report_main(argc, argv); }
