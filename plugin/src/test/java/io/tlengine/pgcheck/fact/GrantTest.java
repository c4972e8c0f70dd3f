package io.tlengine.pgcheck.fact;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantTest {

  private static final Grant GRANT = Grant.inNamespace("see", "shop", "--verb=get --resource=pods");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "pods is forbidden: User \"jane\" cannot list resource \"pods\" | --user=jane",
        "User \"O'Neill, J.\" cannot get resource | --user='O'\\''Neill, J.'",
        "User \"a\\\"b\\\\c\" cannot get resource | --user='a\"b\\c'",
        // Helm 4 writes an error as a value of its log line.
        "error=\"query: User \\\"jane\\\" cannot list resource \\\"secrets\\\"\" | --user=jane",
        "User \"system:serviceaccount:ci:deploy.er\" cannot get | --serviceaccount=ci:deploy.er",
        "User \"system:serviceaccount:of:three:parts\" cannot get"
            + " | --user=system:serviceaccount:of:three:parts",
        "User \"system:node:a\" cannot get | --user=system:node:a",
        "pods \"a\" is forbidden: exceeded quota"
            + " | --user=USER; USER as kubectl auth whoami shows it",
      })
  void namesWhomTheApiServerRefused(String refusal, String subject) {
    assertEquals(
        "kubectl create role see -n shop --verb=get --resource=pods"
            + " && kubectl create rolebinding see -n shop --role=see "
            + subject,
        GRANT.after(refusal));
  }
}
