# Serves Redmine on a free port of the loopback, which it prints; it ends with whoever started it.
Thread.new do
  $stdin.read
  exit!(0)
end
Dir.chdir("/usr/share/redmine")
require "/usr/share/redmine/config/environment"
require "puma"
require "puma/server"
# SQLite refuses two that write at once: one is served after another.
turn = Mutex.new
app = ->(env) { turn.synchronize { Rails.application.call(env) } }
server = Puma::Server.new(app, Puma::Events.null, min_threads: 1, max_threads: 16)
port = server.add_tcp_listener("127.0.0.1", 0).addr[1]
server.run
$stdout.puts port
$stdout.flush
sleep
