"""Adds up the workers' histograms of a fleet's run folder by itself, and compares with what the run says."""
import glob
import json
import math
import sys

STATISTICS = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "p999": 0.999}


def highest_of(bucket):
    """The highest value of a bucket: reports/README.md, Fields and units."""
    if bucket < 128:
        return bucket
    shift, mantissa = bucket // 128 - 1, 128 + bucket % 128
    return ((mantissa + 1) << shift) - 1


def quantile(buckets, highest, share):
    wanted = max(1, math.ceil(share * sum(buckets.values())))
    for bucket in sorted(buckets):
        wanted -= buckets[bucket]
        if wanted <= 0:
            return min(highest_of(bucket), highest)
    return 0


def main(run):
    for scenario, name, metric in (("producer", "latency_ns", "latency_ms"), ("consumer", "end_to_end_ns", "end_to_end_ms")):
        buckets, highest, total = {}, 0, 0
        for file in glob.glob(f"{run}/workers/*/results/*.{scenario}_*.json"):
            histogram = json.load(open(file))["data"]["histograms"][name]
            highest = max(highest, histogram["max"])
            total += histogram["sum"]
            for bucket, count in histogram["buckets"]:
                buckets[bucket] = buckets.get(bucket, 0) + count
        (file,) = glob.glob(f"{run}/results/*.{scenario}.json")
        merged = json.load(open(file))
        histogram = merged["data"]["histograms"][name]
        assert buckets == dict(histogram["buckets"]), f"{scenario}: buckets"
        assert highest == histogram["max"] and math.isclose(total, histogram["sum"]), scenario
        for statistic, share in STATISTICS.items():
            told = merged["metrics"][f"{metric}_{statistic}"]
            assert told == quantile(buckets, highest, share) / 1e6, f"{scenario} {statistic}: {told}"


main(sys.argv[1])
