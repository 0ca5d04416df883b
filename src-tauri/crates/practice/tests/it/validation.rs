use serde_json::{Value, json};

use crate::help::{Server, server, small};

/// The answer to a graph that is refused.
async fn refused(server: &Server, prompt: &Value) -> Value {
    let (status, answer) = server.post("/prompt", json!({ "prompt": prompt })).await;
    assert_eq!(status, 400, "{answer}");
    answer
}

/// The only error of a node, after checking the frame around it.
fn reason<'a>(answer: &'a Value, node: &str) -> &'a Value {
    assert_eq!(answer["error"]["type"], "prompt_outputs_failed_validation", "{answer:#}");
    let entry = &answer["node_errors"][node];
    assert_eq!(entry["dependent_outputs"], json!(["2"]), "{answer:#}");
    assert_eq!(entry["errors"].as_array().unwrap().len(), 1);
    &entry["errors"][0]
}

fn with(node: &str, input: &str, value: Value) -> Value {
    let mut prompt = small(1);
    prompt[node]["inputs"][input] = value;
    prompt
}

const WIDTH: fn() -> Value = || json!(["INT", {"default": 512, "min": 1, "max": 16384, "step": 1}]);

#[tokio::test]
async fn graphs_without_sense_are_refused_as_a_whole() {
    let server = server().await;
    let mut prompt = small(1);
    prompt["1"]["class_type"] = json!("NoSuchNode");
    prompt["1"]["_meta"] = json!({"title": "Fancy title"});
    assert_eq!(
        refused(&server, &prompt).await,
        json!({"error": {
            "type": "missing_node_type",
            "message": "Node 'Fancy title' not found. The custom node may not be installed.",
            "details": "Node ID '#1'",
            "extra_info": {"node_id": "1", "class_type": "NoSuchNode", "node_title": "Fancy title"},
        }, "node_errors": {}})
    );
    let absent = refused(&server, &json!({"1": {"inputs": {}}})).await;
    assert_eq!(
        absent["error"]["message"],
        "Node 'ID #1' has no class_type. The workflow may be corrupted or a custom node is missing."
    );
    assert_eq!(absent["error"]["extra_info"]["class_type"], Value::Null);

    let mut none = small(1);
    none.as_object_mut().unwrap().remove("2");
    for body in [
        json!({"prompt": {}}),
        json!({"prompt": none}),
        json!({"prompt": small(1), "partial_execution_targets": []}),
        json!({"prompt": small(1), "partial_execution_targets": ["1"]}),
        json!({"prompt": small(1), "partial_execution_targets": ["77"]}),
    ] {
        let (status, answer) = server.post("/prompt", body).await;
        assert_eq!(status, 400);
        assert_eq!(
            answer,
            json!({"error": {"type": "prompt_no_outputs", "message": "Prompt has no outputs",
                   "details": "", "extra_info": {}}, "node_errors": {}})
        );
    }
    for body in [json!([]), json!({"client_id": "x"})] {
        let (status, answer) = server.post("/prompt", body).await;
        assert_eq!((status.as_u16(), &answer["error"]["type"]), (400, &json!("no_prompt")));
    }
    for id in [json!("x"), json!(5), json!("0B0F8B52-1C1A-4F0E-9A1B-6F4B5A2C1D00"), json!("")] {
        let (status, answer) =
            server.post("/prompt", json!({"prompt": small(1), "prompt_id": id})).await;
        assert_eq!(status, 400);
        assert_eq!(answer["error"]["type"], "invalid_prompt_id");
    }
}

#[tokio::test]
async fn input_of_an_unexpected_kind_is_a_server_error() {
    let server = server().await;
    for body in [
        "",
        "{not json",
        r#"{"prompt": []}"#,
        r#"{"prompt": "text"}"#,
        r#"{"prompt": null}"#,
        r#"{"prompt": {"1": 5}}"#,
        r#"{"prompt": {}, "number": "x"}"#,
    ] {
        let answer = server.http.post(server.url("/prompt")).body(body).send().await.unwrap();
        assert_eq!(answer.status(), 500, "{body}");
        assert_eq!(answer.headers()["content-type"], "text/plain; charset=utf-8");
        assert_eq!(
            answer.text().await.unwrap(),
            "500 Internal Server Error\n\nServer got itself in trouble"
        );
    }
    let large = vec![b' '; (100 << 20) + 1];
    let (status, text) = server.post_text("/prompt", large).await;
    assert_eq!(status, 413);
    assert_eq!(text, "Maximum request body size 104857600 exceeded.");
}

#[tokio::test]
async fn each_wrong_input_is_named() {
    let server = server().await;
    let mut missing = small(1);
    missing["2"]["inputs"].as_object_mut().unwrap().remove("filename_prefix");
    let answer = refused(&server, &missing).await;
    assert_eq!(
        reason(&answer, "2"),
        &json!({"type": "required_input_missing", "message": "Required input is missing",
                "details": "filename_prefix", "extra_info": {"input_name": "filename_prefix"}})
    );
    assert_eq!(answer["error"]["details"], "Required input is missing: filename_prefix");

    let answer = refused(&server, &with("1", "width", json!("abc"))).await;
    assert_eq!(answer["error"]["details"], "", "the output itself has no reason");
    assert_eq!(answer["node_errors"]["1"]["class_type"], "EmptyImage");
    assert_eq!(
        reason(&answer, "1"),
        &json!({"type": "invalid_input_type",
            "message": "Failed to convert an input value to a INT value",
            "details": "width, abc, invalid literal for int() with base 10: 'abc'",
            "extra_info": {"input_name": "width", "input_config": WIDTH(), "received_value": "abc",
                "exception_message": "invalid literal for int() with base 10: 'abc'"}})
    );
    let answer = refused(&server, &with("1", "width", json!(0))).await;
    assert_eq!(
        reason(&answer, "1"),
        &json!({"type": "value_smaller_than_min", "message": "Value 0 smaller than min of 1",
            "details": "width", "extra_info": {"input_name": "width", "input_config": WIDTH(),
                "received_value": 0}})
    );
    let answer = refused(&server, &with("1", "width", json!(1_000_000_000))).await;
    assert_eq!(reason(&answer, "1")["type"], "value_bigger_than_max");
    assert_eq!(reason(&answer, "1")["message"], "Value 1000000000 bigger than max of 16384");

    let mut scaled = small(1);
    scaled["4"] = json!({"class_type": "ImageScale", "inputs": {"image": ["1", 0],
        "upscale_method": "magic", "width": 8, "height": 8, "crop": "disabled"}});
    scaled["2"]["inputs"]["images"] = json!(["4", 0]);
    let answer = refused(&server, &scaled).await;
    assert_eq!(
        reason(&answer, "4"),
        &json!({"type": "value_not_in_list", "message": "Value not in list",
            "details": "upscale_method: 'magic' not in ['nearest-exact', 'bilinear', 'area', 'bicubic', 'lanczos']",
            "extra_info": {"input_name": "upscale_method", "input_config":
                [["nearest-exact", "bilinear", "area", "bicubic", "lanczos"], {}],
                "received_value": "magic"}})
    );

    let mut classic = crate::help::classic(1, 1);
    classic["4"]["inputs"]["ckpt_name"] = json!("missing.safetensors");
    classic["3"]["inputs"]["sampler_name"] = json!("nope");
    let answer = refused(&server, &classic).await;
    let order: Vec<&String> = answer["node_errors"].as_object().unwrap().keys().collect();
    assert_eq!(order, ["4", "3"]);
    let sampler = &answer["node_errors"]["3"]["errors"][0];
    assert_eq!(sampler["details"], "sampler_name: 'nope' not in (list of length 44)");
    assert_eq!(sampler["extra_info"]["input_config"], Value::Null);

    let mut load = small(1);
    load["1"] = json!({"class_type": "LoadImage", "inputs": {"image": "missing.png"}});
    let answer = refused(&server, &load).await;
    assert_eq!(
        reason(&answer, "1"),
        &json!({"type": "custom_validation_failed", "message": "Custom validation failed for node",
            "details": "image - Invalid image file: missing.png",
            "extra_info": {"input_name": "image"}})
    );
}

#[tokio::test]
async fn each_wrong_link_is_named() {
    let server = server().await;
    let images = json!(["IMAGE", {}]);
    let answer = refused(&server, &with("2", "images", json!(["1"]))).await;
    assert_eq!(
        reason(&answer, "2"),
        &json!({"type": "bad_linked_input",
            "message": "Bad linked input, must be a length-2 list of [node_id, slot_index]",
            "details": "images", "extra_info": {"input_name": "images", "input_config": images,
                "received_value": ["1"]}})
    );
    for (link, exception, details) in [
        (json!(["1", 5]), "IndexError", "tuple index out of range"),
        (json!(["9", 0]), "KeyError", "'9'"),
        (json!([1, 0]), "KeyError", "1"),
    ] {
        let answer = refused(&server, &with("2", "images", link)).await;
        let reason = reason(&answer, "2");
        assert_eq!(reason["type"], "exception_during_validation");
        assert_eq!(reason["details"], details);
        assert_eq!(reason["extra_info"]["exception_type"], exception);
        assert!(reason["extra_info"]["traceback"].is_array());
        let all = format!("Exception when validating node: {details}");
        assert_eq!(answer["error"]["details"], all);
    }
    let mut text = small(1);
    text["1"] = json!({"class_type": "PrimitiveString", "inputs": {"value": "x"}});
    let answer = refused(&server, &text).await;
    assert_eq!(
        reason(&answer, "2"),
        &json!({"type": "return_type_mismatch",
            "message": "Return type mismatch between linked nodes",
            "details": "images, received_type(STRING) mismatch input_type(IMAGE)",
            "extra_info": {"input_name": "images", "input_config": images,
                "received_type": "STRING", "linked_node": ["1", 0]}})
    );
    let mut bare = small(1);
    bare["1"].as_object_mut().unwrap().remove("inputs");
    let answer = refused(&server, &bare).await;
    let reason = reason(&answer, "1");
    assert_eq!(reason["type"], "exception_during_inner_validation");
    assert_eq!(reason["details"], "'inputs'");
    assert_eq!(reason["extra_info"]["linked_node"], json!(["1", 0]));
}

#[tokio::test]
async fn cycles_and_endless_chains_are_refused() {
    let server = server().await;
    let scale = |from: &str| {
        json!({"class_type": "ImageScale", "inputs": {"image": [from, 0],
            "upscale_method": "area", "width": 8, "height": 8, "crop": "disabled"}})
    };
    let mut two = small(1);
    two["1"] = scale("3");
    two["3"] = scale("1");
    let answer = refused(&server, &two).await;
    assert_eq!(
        reason(&answer, "3"),
        &json!({"type": "dependency_cycle", "message": "Dependency cycle detected",
            "details": "1 (ImageScale) -> 3 (ImageScale) -> 1 (ImageScale)",
            "extra_info": {"node_id": "3", "cycle_nodes": ["1", "3"]}})
    );
    assert_eq!(reason(&answer, "1")["extra_info"]["node_id"], "1");
    assert_eq!(answer["node_errors"].as_object().unwrap().len(), 2);
    let mut own = small(1);
    own["1"] = scale("1");
    let answer = refused(&server, &own).await;
    assert_eq!(reason(&answer, "1")["details"], "1 (ImageScale) -> 1 (ImageScale)");

    // A cycle that no output needs does not stop the rest.
    let mut beside = small(1);
    beside["7"] = scale("8");
    beside["8"] = scale("7");
    assert_eq!(server.run(beside).await["status"]["status_str"], "success");

    let chain = |length: usize| {
        let mut prompt = small(1);
        for i in 0..length {
            let from = if i == 0 { "1".into() } else { format!("c{}", i - 1) };
            prompt[format!("c{i}")] =
                json!({"class_type": "ImageInvert", "inputs": {"image": [from, 0]}});
        }
        prompt["2"]["inputs"]["images"] = json!([format!("c{}", length - 1), 0]);
        prompt
    };
    let (status, _) = server.post("/prompt", json!({"prompt": chain(600)})).await;
    assert_eq!(status, 200);
    let answer = refused(&server, &chain(2000)).await;
    let (_, errors) = answer["node_errors"].as_object().unwrap().iter().next().unwrap();
    assert_eq!(errors["errors"][0]["type"], "exception_during_inner_validation");
    assert_eq!(
        errors["errors"][0]["details"],
        "maximum recursion depth exceeded while calling a Python object"
    );
}

#[tokio::test]
async fn what_can_run_runs() {
    let server = server().await;
    // Values are converted, unknown inputs ignored, lists unwrapped.
    let mut odd = small(1);
    odd["1"]["inputs"]["width"] = json!("64");
    odd["1"]["inputs"]["height"] = json!(63.9);
    odd["1"]["inputs"]["nonsense"] = json!(["1", 0]);
    let entry = server.run(odd).await;
    assert_eq!(entry["prompt"][2]["1"]["inputs"]["height"], 63);
    let picture = server.picture(&entry, "2").await;
    assert_eq!((picture.width(), picture.height()), (64, 63));

    let mut partly = small(1);
    partly["3"] = json!({"class_type": "SaveImage", "inputs": {"filename_prefix": "bad"}});
    let (status, answer) = server.post("/prompt", json!({"prompt": partly})).await;
    assert_eq!(status, 200);
    assert_eq!(
        answer["node_errors"],
        json!({"3": {"errors": [{"type": "required_input_missing",
            "message": "Required input is missing", "details": "images",
            "extra_info": {"input_name": "images"}}],
            "dependent_outputs": ["3"], "class_type": "SaveImage"}})
    );
    let entry = server.ended(answer["prompt_id"].as_str().unwrap()).await;
    assert_eq!(entry["prompt"][4], json!(["2"]));

    let mut targets = small(1);
    targets["3"] = json!({"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}});
    let body = json!({"prompt": targets, "partial_execution_targets": ["3"]});
    let (_, answer) = server.post("/prompt", body).await;
    let entry = server.ended(answer["prompt_id"].as_str().unwrap()).await;
    let shown: Vec<&String> = entry["outputs"].as_object().unwrap().keys().collect();
    assert_eq!(shown, ["3"]);
}

#[tokio::test]
async fn numbers_that_json_has_not_are_taken_and_given_back() {
    let server = server().await;
    let send = async |node: &str| {
        let body = format!(
            r#"{{"prompt":{{"1":{node},"2":{{"class_type":"PreviewImage","inputs":{{"images":["1",0]}}}}}}}}"#
        );
        let answer = server.http.post(server.url("/prompt")).body(body).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let int = r#"{"class_type":"EmptyImage","inputs":{"width":NaN,"height":64,"batch_size":1,"color":0}}"#;
    let (status, text) = send(int).await;
    assert_eq!(status, 400);
    assert!(text.contains(r#""received_value": NaN, "#), "{text}");
    assert!(text.contains("width, nan, cannot convert float NaN to integer"), "{text}");
    let float = |value: &str| {
        format!(
            r#"{{"class_type":"ImageScaleBy","inputs":{{"image":["3",0],"upscale_method":"area","scale_by":{value}}}}},"3":{}"#,
            int.replace("NaN", "64")
        )
    };
    let (status, text) = send(&float("Infinity")).await;
    assert!(status == 400 && text.contains("Value inf bigger than max of 8.0"), "{text}");
    assert_eq!(send(&float("NaN")).await.0, 200, "NaN is beyond no bound");
}
