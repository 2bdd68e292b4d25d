"""The door for live screens: a Socket.IO server in processes of its own, and what any process pushes to it."""
