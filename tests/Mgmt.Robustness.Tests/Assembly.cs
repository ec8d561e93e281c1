// A storm takes the whole machine: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
