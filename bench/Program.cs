using Oms.Bench;

return await Runner.Run(args, TimeProvider.System);
