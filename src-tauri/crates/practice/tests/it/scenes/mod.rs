//! Every way in which the server can be made to misbehave.

mod answers;
mod sockets;
mod storms;
mod work;

use practice::Scene;

use crate::help::{Server, Socket};

const ID: &str = "0b0f8b52-1c1a-4f0e-9a1b-6f4b5a2c1d00";

impl Server {
    fn scene(&self, scene: Scene, on: bool) {
        self.practice.set_scene(scene, on);
    }
}

/// Sends a ping and tells what comes before its answer. What the server sent before it
/// read the ping has come by then.
async fn before_the_pong(socket: &mut Socket) -> usize {
    use futures_util::{SinkExt, StreamExt};
    use tokio_tungstenite::tungstenite::Message;
    socket.stream.send(Message::Ping("still there?".into())).await.unwrap();
    let mut others = 0;
    loop {
        match socket.stream.next().await {
            Some(Ok(Message::Pong(_))) => return others,
            Some(Ok(_)) => others += 1,
            other => panic!("no pong but {other:?}"),
        }
    }
}
