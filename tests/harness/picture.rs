//! Small images made on the spot: PNG with one colour, uncompressed, so that no test needs files or
//! a library for them.

/// A PNG of one colour.
pub fn png(width: u32, height: u32, [red, green, blue]: [u8; 3]) -> Vec<u8> {
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let line: Vec<u8> =
        std::iter::once(0).chain([red, green, blue].repeat(width as usize)).collect();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, b"IHDR", &header);
    chunk(&mut file, b"IDAT", &stored(&line.repeat(height as usize)));
    chunk(&mut file, b"IEND", b"");
    file
}

/// Adds a chunk to a PNG.
pub fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], content: &[u8]) {
    file.extend((content.len() as u32).to_be_bytes());
    let summed: Vec<u8> = [kind.as_slice(), content].concat();
    file.extend(&summed);
    file.extend(crc(&summed).to_be_bytes());
}

/// A zlib stream (RFC 1950) of stored blocks (RFC 1951 §3.2.4).
fn stored(content: &[u8]) -> Vec<u8> {
    let mut stream = vec![0x78, 0x01];
    let blocks: Vec<&[u8]> = content.chunks(65_535).collect();
    for (at, block) in blocks.iter().enumerate() {
        let length = block.len() as u16;
        stream.push(u8::from(at + 1 == blocks.len()));
        stream.extend(length.to_le_bytes());
        stream.extend((!length).to_le_bytes());
        stream.extend(*block);
    }
    let (mut a, mut b) = (1u32, 0u32);
    for byte in content {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    stream.extend(((b << 16) | a).to_be_bytes());
    stream
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |mut sum, byte| {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { 0xedb8_8320 ^ (sum >> 1) } else { sum >> 1 };
        }
        sum
    })
}
